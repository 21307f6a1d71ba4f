"""The values the whole product speaks in: frozen, without I/O. Words are defined in docs/glossary.md.

Import them from here; the modules below sort them by subject.
"""

from processor.model.agent_results import AgentResult, Usage
from processor.model.canary import CANARY_FAILURES, CanaryResult
from processor.model.changes import Change, GitAccess
from processor.model.checklists import (
    CHECKLIST_SECTIONS,
    Checklist,
    ItemStatus,
    Turn,
    date_of,
    list_date,
    newest_turn,
    overdue_seconds,
)
from processor.model.decisions import Decision, RuleStep, SkipReason
from processor.model.gate_reports import CheckReport, CheckResult, Finding, FindingState, GateReport
from processor.model.issues import Issue, IssueRef, Priority
from processor.model.periods import Period, closed_days, closed_weeks, day_of, hours_of, week_of
from processor.model.pull_requests import CiState, PullRequest, Reviews, ReviewState
from processor.model.reports import ReportChannel, ReportKind
from processor.model.runs import (
    FAILED_OUTCOMES,
    FAST_BELOW_SECONDS,
    PROCESSED_OUTCOMES,
    SLOW_ABOVE_SECONDS,
    Band,
    Outcome,
    Phase,
    RunState,
)

__all__ = [
    "CANARY_FAILURES",
    "CHECKLIST_SECTIONS",
    "FAILED_OUTCOMES",
    "FAST_BELOW_SECONDS",
    "PROCESSED_OUTCOMES",
    "SLOW_ABOVE_SECONDS",
    "AgentResult",
    "Band",
    "CanaryResult",
    "Change",
    "CheckReport",
    "CheckResult",
    "Checklist",
    "CiState",
    "Decision",
    "Finding",
    "FindingState",
    "GateReport",
    "GitAccess",
    "Issue",
    "IssueRef",
    "ItemStatus",
    "Outcome",
    "Period",
    "Phase",
    "Priority",
    "PullRequest",
    "ReportChannel",
    "ReportKind",
    "ReviewState",
    "Reviews",
    "RuleStep",
    "RunState",
    "SkipReason",
    "Turn",
    "Usage",
    "closed_days",
    "closed_weeks",
    "date_of",
    "day_of",
    "hours_of",
    "list_date",
    "newest_turn",
    "overdue_seconds",
    "week_of",
]
