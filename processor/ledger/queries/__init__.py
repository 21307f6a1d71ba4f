"""Read the ledger. Nothing here writes; the exporter reads through this room alone."""

from processor.ledger import families
from processor.ledger.queries.alerts import (
    DrillRecord,
    IncidentRecord,
    count_incidents,
    incidents,
    incidents_between,
    last_drills,
)
from processor.ledger.queries.attempts import (
    AttemptRecord,
    PhaseRecord,
    attempts_of_run,
    phases_of_run,
    usage_of_run,
)
from processor.ledger.queries.dead_letters import dead_letters
from processor.ledger.queries.door import LedgerDoor
from processor.ledger.queries.durations import LongWork, durations, longest_work
from processor.ledger.queries.host_use import HostUseRecord, host_use_between
from processor.ledger.queries.issues import (
    IssueRecord,
    issue,
    published_issues,
    recorded_name,
    recorded_repositories,
    skipped_issues,
    waiting_issues,
    was_polled,
)
from processor.ledger.queries.period_details import (
    LongRun,
    Tokens,
    longest_runs,
    outcomes_by_repository,
    pull_requests_opened_between,
    tokens_between,
)
from processor.ledger.queries.periods import NOTHING, PeriodSummary, outcomes_between, period_summary
from processor.ledger.queries.pull_requests import (
    PullRequestRecord,
    open_pull_requests,
    pull_requests_closed_between,
    pull_requests_of_issue,
    pull_requests_opened_since,
    pull_requests_to_follow,
)
from processor.ledger.queries.recent_work import EndedRun, processed_runs
from processor.ledger.queries.reports import (
    DeliveryRecord,
    ReportRecord,
    is_delivery_due,
    last_reported,
    report_content,
    reports_made,
)
from processor.ledger.queries.runs import (
    active_runs,
    active_runs_in,
    backlog,
    count_ended,
    gate_report_json,
    mean_duration_seconds,
    recent_runs,
    runs_by_prefix,
    runs_of_issue,
    unannounced_runs,
    unnoticed_runs,
)
from processor.ledger.queries.snapshot import NO_LEDGER, RECENT_EVENTS, Snapshot, read_snapshot
from processor.ledger.queries.standing import FAILURES, OpenPullRequests, Waiting
from processor.ledger.queries.surroundings import AuditRecord, RateLimitRecord, audit_trail, born_at, github_rate_limits
from processor.ledger.queries.totals import Total, totals_of

__all__ = [
    "FAILURES",
    "NOTHING",
    "NO_LEDGER",
    "RECENT_EVENTS",
    "AttemptRecord",
    "AuditRecord",
    "DeliveryRecord",
    "DrillRecord",
    "EndedRun",
    "HostUseRecord",
    "IncidentRecord",
    "IssueRecord",
    "LedgerDoor",
    "LongRun",
    "LongWork",
    "OpenPullRequests",
    "PeriodSummary",
    "PhaseRecord",
    "PullRequestRecord",
    "RateLimitRecord",
    "ReportRecord",
    "Snapshot",
    "Tokens",
    "Total",
    "Waiting",
    "active_runs",
    "active_runs_in",
    "attempts_of_run",
    "audit_trail",
    "backlog",
    "born_at",
    "count_ended",
    "count_incidents",
    "dead_letters",
    "durations",
    "families",
    "gate_report_json",
    "github_rate_limits",
    "host_use_between",
    "incidents",
    "incidents_between",
    "is_delivery_due",
    "issue",
    "last_drills",
    "last_reported",
    "longest_runs",
    "longest_work",
    "mean_duration_seconds",
    "open_pull_requests",
    "outcomes_between",
    "outcomes_by_repository",
    "period_summary",
    "phases_of_run",
    "processed_runs",
    "published_issues",
    "pull_requests_closed_between",
    "pull_requests_of_issue",
    "pull_requests_opened_between",
    "pull_requests_opened_since",
    "pull_requests_to_follow",
    "read_snapshot",
    "recent_runs",
    "recorded_name",
    "recorded_repositories",
    "report_content",
    "reports_made",
    "runs_by_prefix",
    "runs_of_issue",
    "skipped_issues",
    "tokens_between",
    "totals_of",
    "unannounced_runs",
    "unnoticed_runs",
    "usage_of_run",
    "waiting_issues",
    "was_polled",
]
