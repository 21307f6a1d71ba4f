"""`configs/auto_issue_processor.yaml`, and the keys of it that `configs/environments.yaml` may give."""

from typing import Literal

from pydantic import Field

from processor.settings.sections.agents import Agent
from processor.settings.sections.alerting import Alerting
from processor.settings.sections.canary import Canary
from processor.settings.sections.capacity import Capacity
from processor.settings.sections.checklists import Checklists
from processor.settings.sections.engine import Engine
from processor.settings.sections.github_access import GitHub
from processor.settings.sections.intake import Intake, RepositorySettings
from processor.settings.sections.monitoring import Exporter, Slo
from processor.settings.sections.overrides import Overrides
from processor.settings.sections.places import Api, Logs, State
from processor.settings.sections.publish import Publish
from processor.settings.sections.reports import Reports
from processor.settings.sections.section import Flag, Integer, Name, Seconds, Section, TimeZone
from processor.settings.sections.upkeep import Backup, UpkeepRules


class EnvironmentProfile(Section):
    """What one environment (development, staging, production) of `configs/environments.yaml` may give."""

    debug: Flag = Field(False, description="log_level DEBUG, whatever log_level says")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="of the log on stdout; event lines ignore it"
    )
    max_parallel: Integer = Field(3, ge=1, le=64, description="most runs at once on this host")
    timeout: Seconds = Field(1800, description="limit of the agent phase in seconds")
    use_cache: Flag = Field(True, description="remember what checks said of a base commit")
    enable_monitoring: Flag = Field(True, description="serve /metrics")
    dry_run: Flag = Field(False, description="everything up to the gate; nothing is written on GitHub")


class MainFile(EnvironmentProfile):
    """`configs/auto_issue_processor.yaml`. The flat keys are also the keys of `environments.yaml`."""

    github: GitHub = Field(default_factory=GitHub)
    repositories: tuple[RepositorySettings, ...] = Field((), description="what is processed")
    agents: dict[Name, Agent] = Field(default_factory=dict, description="who changes the code, by name")
    default_agent: Name | None = Field(None, description="agent for repositories and labels that name none")
    intake: Intake = Field(default_factory=Intake)
    capacity: Capacity = Field(default_factory=Capacity)
    engine: Engine = Field(default_factory=Engine)
    publish: Publish = Field(default_factory=Publish)
    state: State = Field(default_factory=State)
    logs: Logs = Field(default_factory=Logs)
    api: Api = Field(default_factory=Api)
    alerting: Alerting = Field(default_factory=Alerting)
    exporter: Exporter = Field(default_factory=Exporter)
    slo: Slo = Field(default_factory=Slo)
    overrides: Overrides = Field(default_factory=Overrides)
    reports: Reports = Field(default_factory=Reports)
    backup: Backup = Field(default_factory=Backup)
    checklists: Checklists = Field(default_factory=Checklists)
    canary: Canary = Field(default_factory=Canary)
    upkeep: UpkeepRules = Field(default_factory=UpkeepRules)
    timezone: TimeZone = Field(
        "Asia/Tokyo",
        description="of the operators: days and weeks of reports, office hours of alerts, times in messages",
    )

    @property
    def sandbox(self) -> RepositorySettings | None:
        """The repository of the canary; None without one."""
        canary = self.canary
        if canary.repository is None:
            return None
        return RepositorySettings(name=canary.repository, agent=canary.agent, base_branch=canary.base_branch)

    @property
    def served(self) -> tuple[RepositorySettings, ...]:
        """Every repository that is polled: those of real work, and the canary's sandbox."""
        return (*self.repositories, self.sandbox) if self.sandbox else self.repositories
