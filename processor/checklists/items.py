"""The items of both lists, in the handbook's order: what each is read from, who judges it, where more is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from processor.checklists.judging import (
    maintenance,
    metrics,
    optimization,
    performance,
    processing,
    quality,
    reporting,
    system_health,
)
from processor.checklists.readings import host, packages, services, told_by_github, upkeep, work
from processor.checklists.sources import Sources
from processor.checklists.verdict import Verdict
from processor.errors import NetworkError
from processor.ledger import queries
from processor.model import CHECKLIST_SECTIONS, Checklist

Read = TypeVar("Read")


@dataclass(frozen=True)
class Item(Generic[Read]):
    """One line of a list. `board` is the dashboard that says more; its words are in `texts/items.yml`."""

    name: str
    section: str
    board: str
    read: Callable[[Sources], Read]
    judge: Callable[[Read, Sources], Verdict]

    @property
    def checklist(self) -> Checklist:
        """The list that it stands in."""
        return next(one for one, sections in CHECKLIST_SECTIONS.items() if self.section in sections)


def items_of(checklist: Checklist, section: str | None = None) -> tuple[Item[Any], ...]:
    """List the items of a list, or of one of its sections."""
    return tuple(one for one in ITEMS if one.checklist is checklist and section in {None, one.section})


def _within(judge: Callable[[Read, Any], Verdict]) -> Callable[[Read, Sources], Verdict]:
    return lambda found, sources: judge(found, sources.limits)


def _against_reports(judge: Callable[[Read, Any], Verdict]) -> Callable[[Read, Sources], Verdict]:
    return lambda found, sources: judge(found, sources.settings.main.reports.thresholds)


def _both(first: Callable[[Sources], Any], second: Callable[[Sources], Any]) -> Callable[[Sources], tuple[Any, Any]]:
    return lambda sources: (first(sources), second(sources))


def _failed_tests(gate: work.Gate, sources: Sources) -> Verdict:
    settings = sources.settings.gate
    every = (*settings.checks, *(one for repository in settings.repositories.values() for one in repository.checks))
    return quality.failed_tests(gate, sources.limits, frozenset(one.name for one in every))


def _incidents(sources: Sources) -> dict[tuple[str, str], int]:
    week = sources.week()
    with sources.db() as db:
        return queries.incidents_between(db, week.start, week.end)


def _outdated(sources: Sources) -> packages.Outdated | None:
    """Give None where no index of packages answers, which is as it should be on a closed network."""
    try:
        return sources.outdated()
    except NetworkError:
        return None


ITEMS: tuple[Item[Any], ...] = (
    Item("system_status", "system_health", "operations", services.read_services, _within(system_health.system_status)),
    Item("process_alive", "system_health", "operations", services.read_services, _within(system_health.process_alive)),
    Item("resource_use", "system_health", "resources", host.read_loads, _within(system_health.resource_use)),
    Item("log_errors", "system_health", "daily", host.read_log_errors, _within(system_health.log_errors)),
    Item("processed_count", "processing", "daily", work.read_day, _within(processing.processed_count)),
    Item("success_rate", "processing", "daily", work.read_day, _within(processing.success_rate)),
    Item("queue", "processing", "operations", work.read_day, _within(processing.queue)),
    Item("long_runs", "processing", "explorer", work.read_day, _within(processing.long_runs)),
    Item("api_usage", "metrics", "operations", told_by_github.read_rate_limits, _within(metrics.api_usage)),
    Item("storage", "metrics", "resources", upkeep.read_storage, _within(metrics.storage)),
    Item("backup", "metrics", "resources", upkeep.read_backups, _within(metrics.backup)),
    Item("security_alerts", "metrics", "checklists", told_by_github.read_security_alerts,
         _within(metrics.security_alerts)),
    Item("pull_request_quality", "quality", "quality", work.read_pull_requests, _within(quality.pull_request_quality)),
    Item("failed_tests", "quality", "quality", work.read_gate_of_day, _failed_tests),
    Item("review_backlog", "quality", "quality", work.read_pull_requests, _within(quality.review_backlog)),
    Item("gate_failures", "quality", "quality", work.read_gate_of_day, _within(quality.gate_failures)),
    Item("weekly_report", "performance", "weekly", upkeep.read_weekly_report, _within(performance.weekly_report)),
    Item("duration_trend", "performance", "weekly", work.read_week, _against_reports(performance.duration_trend)),
    Item("resource_trend", "performance", "resources", upkeep.read_host_trend, _within(performance.resource_trend)),
    Item("bottleneck", "performance", "weekly", work.read_week, _against_reports(performance.bottleneck)),
    Item("parallelism", "optimization", "operations", _both(work.read_week, upkeep.read_settings_in_force),
         _within(optimization.parallelism)),
    Item("gate_criteria", "optimization", "quality", _both(work.read_gate_of_week, upkeep.read_settings_in_force),
         _within(optimization.gate_criteria)),
    Item("time_limits", "optimization", "weekly", _both(work.read_week, upkeep.read_settings_in_force),
         _within(optimization.time_limits)),
    Item("cache", "optimization", "resources", upkeep.read_settings_in_force, _within(optimization.cache)),
    Item("log_rotation", "maintenance", "resources", upkeep.read_log_files, _within(maintenance.log_rotation)),
    Item("dependencies", "maintenance", "checklists", _outdated, _within(maintenance.dependencies)),
    Item("security_patches", "maintenance", "checklists", told_by_github.read_security_alerts,
         _within(maintenance.security_patches)),
    Item("database", "maintenance", "resources", upkeep.read_room, _within(maintenance.database)),
    Item("summary_report", "reporting", "weekly", upkeep.read_weekly_report, _within(performance.weekly_report)),
    Item("proposals", "reporting", "weekly", _both(work.read_week, upkeep.read_weekly_report),
         _within(reporting.proposals)),
    Item("incident_review", "reporting", "weekly", _incidents, _within(reporting.incident_review)),
    Item("next_week_plan", "reporting", "weekly", work.read_week, _within(reporting.next_week_plan)),
)  # fmt: skip
