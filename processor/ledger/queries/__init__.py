"""Read the ledger. Nothing here writes; the exporter reads through this room alone."""

from processor.ledger.queries.alerts import DrillRecord, IncidentRecord, incidents, last_drills
from processor.ledger.queries.issues import IssueRecord, issue, skipped_issues, waiting_issues, was_polled
from processor.ledger.queries.pull_requests import (
    PullRequestRecord,
    open_pull_requests,
    pull_requests_of_issue,
    pull_requests_opened_since,
)
from processor.ledger.queries.runs import (
    PhaseRecord,
    active_runs,
    active_runs_in,
    backlog,
    gate_report_json,
    mean_duration_seconds,
    phases_of_run,
    recent_runs,
    runs_by_prefix,
    runs_of_issue,
    usage_of_run,
)
from processor.ledger.queries.surroundings import AuditRecord, RateLimitRecord, audit_trail, born_at, github_rate_limits

__all__ = [
    "AuditRecord",
    "DrillRecord",
    "IncidentRecord",
    "IssueRecord",
    "PhaseRecord",
    "PullRequestRecord",
    "RateLimitRecord",
    "active_runs",
    "active_runs_in",
    "audit_trail",
    "backlog",
    "born_at",
    "gate_report_json",
    "github_rate_limits",
    "incidents",
    "issue",
    "last_drills",
    "mean_duration_seconds",
    "open_pull_requests",
    "phases_of_run",
    "pull_requests_of_issue",
    "pull_requests_opened_since",
    "recent_runs",
    "runs_by_prefix",
    "runs_of_issue",
    "skipped_issues",
    "usage_of_run",
    "waiting_issues",
    "was_polled",
]
