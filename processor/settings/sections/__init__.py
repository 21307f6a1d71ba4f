"""Every setting, with its default, unit and reason; frozen, and an unknown key is a fault.

The three files of the handbook are three models here: `MainFile`, `GateFile`, `SecurityFile`.
"""

from processor.settings.sections.agents import (
    ARGV_PLACEHOLDERS,
    Agent,
    CommandAgent,
    RecipeAgent,
    RecipeStep,
)
from processor.settings.sections.alerting import Alerting
from processor.settings.sections.canary import Canary
from processor.settings.sections.capacity import Automatic, Capacity, CapacityLevel, LevelName, LoadLimits
from processor.settings.sections.checklists import ChecklistLimits, Checklists
from processor.settings.sections.engine import Engine, Retry
from processor.settings.sections.gate_file import (
    BuiltInCheck,
    BuiltInChecks,
    CommandCheck,
    DiffSizeCheck,
    GateFile,
    RepositoryGate,
)
from processor.settings.sections.github_access import GitHub, GitHubApp
from processor.settings.sections.intake import Intake, RepositorySettings
from processor.settings.sections.main_file import EnvironmentProfile, MainFile
from processor.settings.sections.monitoring import Exporter, Slo
from processor.settings.sections.overrides import Overrides
from processor.settings.sections.places import Api, Logs, State
from processor.settings.sections.publish import Publish
from processor.settings.sections.reports import (
    ReportEmail,
    ReportFormat,
    Reports,
    ReportThresholds,
    ReportWebhook,
)
from processor.settings.sections.section import OUR_SECRETS, Name, Repository, Seconds, Section
from processor.settings.sections.security_file import SecurityFile
from processor.settings.sections.settings import Settings
from processor.settings.sections.upkeep import Backup, UpkeepRules

__all__ = [
    "ARGV_PLACEHOLDERS",
    "OUR_SECRETS",
    "Agent",
    "Alerting",
    "Api",
    "Automatic",
    "Backup",
    "BuiltInCheck",
    "BuiltInChecks",
    "Canary",
    "Capacity",
    "CapacityLevel",
    "ChecklistLimits",
    "Checklists",
    "CommandAgent",
    "CommandCheck",
    "DiffSizeCheck",
    "Engine",
    "EnvironmentProfile",
    "Exporter",
    "GateFile",
    "GitHub",
    "GitHubApp",
    "Intake",
    "LevelName",
    "LoadLimits",
    "Logs",
    "MainFile",
    "Name",
    "Overrides",
    "Publish",
    "RecipeAgent",
    "RecipeStep",
    "ReportEmail",
    "ReportFormat",
    "ReportThresholds",
    "ReportWebhook",
    "Reports",
    "Repository",
    "RepositoryGate",
    "RepositorySettings",
    "Retry",
    "Seconds",
    "Section",
    "SecurityFile",
    "Settings",
    "Slo",
    "State",
    "UpkeepRules",
]
