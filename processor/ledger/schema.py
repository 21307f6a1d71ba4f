"""The tables. A change here comes with a migration under `migrations/versions`; a test compares the two."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

#: Facts about the ledger itself: `born_at`, the created time of every counter.
facts = Table("facts", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

repositories = Table(
    "repositories",
    metadata,
    Column("name", String, primary_key=True),
    Column("first_polled_at", Float, nullable=False),
    Column("last_polled_at", Float, nullable=False),
)

#: Every issue that was ever looked at, with the decision in force.
issues = Table(
    "issues",
    metadata,
    Column("repository", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("priority", String, nullable=False),
    Column("discovered_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("skip_reason", String),  # null while eligible or under way
    Column("retry_requested", String),  # null, `retry` or `again`: an operator's word, used up by the next run
    Column("is_waiting_for_operator", Boolean, nullable=False, server_default=text("false")),
)

runs = Table(
    "runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("repository", String, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),  # 1 for the first run that may open a pull request on this issue
    Column("title", Text, nullable=False),
    Column("priority", String, nullable=False),
    Column("priority_rank", Integer, nullable=False),
    Column("issue_created_at", Float, nullable=False),
    Column("branch", String, nullable=False),
    Column("state", String, nullable=False),
    Column("phase", String),
    Column("is_dry_run", Boolean, nullable=False),
    Column("is_forced", Boolean, nullable=False),
    Column("requested_by", String, nullable=False),
    Column("previous_pull_request", Integer),
    Column("discovered_at", Float, nullable=False),
    Column("queued_at", Float, nullable=False),
    Column("released_at", Float),
    Column("started_at", Float),
    Column("finished_at", Float),
    Column("released_by", String),
    Column("executed_by", String),
    Column("cancel_requested_at", Float),
    Column("cancel_requested_by", String),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("agent", String),
    Column("base_commit", String),
    Column("base_branch", String),
    Column("patch", LargeBinary),
    Column("changed_files", Text),  # JSON list
    Column("added_lines", Integer),
    Column("removed_lines", Integer),
    Column("commit_sha", String),
    Column("gate_passed", Boolean),
    Column("gate_score", Float),
    Column("gate_report", Text),  # JSON
    Column("agent_summary", Text),
    Column("pull_request", Integer),
    Column("pull_request_url", Text),
    Column("outcome", String),
    Column("error_type", String),
    Column("error_message", Text),
    Column("is_dead_letter", Boolean, nullable=False, server_default=text("false")),
    Column("announced_at", Float),  # when GitHub was told of the outcome
    # The proof that an issue never has two active runs is this index, not a look before a write.
    Index(
        "one_active_run_per_issue",
        "repository",
        "issue",
        unique=True,
        sqlite_where=text("state <> 'finished'"),
        postgresql_where=text("state <> 'finished'"),
    ),
    Index("runs_by_issue", "repository", "issue"),
    Index("runs_by_state", "state", "priority_rank", "issue_created_at"),
    Index("runs_by_end", "finished_at"),
    # So that counting what was given up does not cost a look at every run there ever was.
    Index(
        "dead_letters",
        "repository",
        "issue",
        sqlite_where=text("is_dead_letter IS 1"),
        postgresql_where=text("is_dead_letter IS true"),
    ),
)

attempts = Table(
    "attempts",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("started_at", Float, nullable=False),
    Column("ended_at", Float),
    Column("error_type", String),
    Column("error_message", Text),
    Column("retry_after_seconds", Float),  # null when no further try follows
)

phases = Table(
    "phases",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("phase", String, primary_key=True),
    Column("started_at", Float, nullable=False),
    Column("ended_at", Float),
    Column("result", String),  # `ok`, `rejected`, or an error type
    Column("interruptions", Integer, nullable=False, server_default="0"),  # how often a crash cut it short
)

checks = Table(
    "checks",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("result", String, nullable=False),
    Column("is_required", Boolean, nullable=False),
    Column("weight", Float, nullable=False),
    Column("score", Float, nullable=False),
    Column("new_findings", Integer, nullable=False),
    Column("fixed_findings", Integer, nullable=False),
    Column("flaky_findings", Integer, nullable=False),
    Column("unchanged_findings", Integer, nullable=False),
    Column("duration_seconds", Float, nullable=False),
    Column("summary", Text, nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("agent", String, nullable=False),
    Column("input_tokens", Integer),
    Column("cache_read_tokens", Integer),
    Column("cache_write_tokens", Integer),
    Column("output_tokens", Integer),
    Column("reasoning_tokens", Integer),
    Column("cost_dollars", Float),
)

pull_requests = Table(
    "pull_requests",
    metadata,
    Column("repository", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("run_id", String, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("branch", String, nullable=False),
    Column("head_sha", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("state", String, nullable=False),  # open, merged, closed
    Column("review_state", String, nullable=False),
    Column("ci_state", String, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("merged_at", Float),
    Column("closed_at", Float),
    Column("looked_at", Float, nullable=False),
    UniqueConstraint("repository", "branch", "number", name="pull_request_by_branch"),
    Index(
        "open_pull_requests",
        "repository",
        "review_state",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("target", String, nullable=False),
    Column("reason", Text, nullable=False),
)

#: Never-reset counters (`part` empty) and histograms (`part` = `le:BOUND`, `sum`); deleted by no retention.
totals = Table(
    "totals",
    metadata,
    Column("family", String, primary_key=True),
    Column("labels", String, primary_key=True),  # canonical JSON object
    Column("part", String, primary_key=True),
    Column("value", Float, nullable=False),
    Column("exemplar_run", String),
    Column("exemplar_value", Float),
    Column("exemplar_at", Float),
)

#: What operators set at run time: `paused`, `draining`.
controls = Table(
    "controls",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
    Column("set_at", Float, nullable=False),
    Column("set_by", String, nullable=False),
    Column("reason", Text, nullable=False),
)

services = Table(
    "services",
    metadata,
    Column("instance", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("url", String, nullable=False),
    Column("state", String, nullable=False),  # running, draining, stopped
    Column("started_at", Float, nullable=False),
    Column("heartbeat_at", Float, nullable=False),
)

#: Process groups that agents and checks run in, so that a start after a crash can end what is left.
process_groups = Table(
    "process_groups",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("process_group", Integer, primary_key=True),
    Column("instance", String, nullable=False),
    Column("leader_started_at", Float, nullable=False),  # tells a recycled process id from ours
)

base_findings = Table(
    "base_findings",
    metadata,
    Column("repository", String, primary_key=True),
    Column("base_commit", String, primary_key=True),
    Column("check_identity", String, primary_key=True),
    Column("findings", Text, nullable=False),  # JSON list
    Column("stored_at", Float, nullable=False),
)

rate_limits = Table(
    "rate_limits",
    metadata,
    Column("resource", String, primary_key=True),
    Column("limit", Integer, nullable=False),
    Column("remaining", Integer, nullable=False),
    Column("reset_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
)

#: One row per firing of an alert, as Alertmanager told it; the history behind incident reviews.
alert_incidents = Table(
    "alert_incidents",
    metadata,
    Column("fingerprint", String, primary_key=True),
    Column("starts_at", Float, primary_key=True),
    Column("alert", String, nullable=False),
    Column("severity", String, nullable=False),  # empty when the alert has none
    Column("labels", Text, nullable=False),  # JSON object
    Column("annotations", Text, nullable=False),  # JSON object, as last told
    Column("ends_at", Float),  # null while it fires
    Column("last_status", String, nullable=False),  # firing, resolved
    Column("received_at", Float, nullable=False),
    Column("last_received_at", Float, nullable=False),
    Column("notifications", Integer, nullable=False),  # how often Alertmanager told of it, repetitions included
    Index("incidents_by_start", "starts_at"),
)

#: The last drill of each alert.
drills = Table(
    "drills",
    metadata,
    Column("alert", String, primary_key=True),
    Column("last_run_at", Float, nullable=False),
    Column("last_success_at", Float),  # null when no drill ever passed
    Column("k", Float, nullable=False),  # what every duration was divided by in the last drill
    Column("details", Text, nullable=False),  # JSON object of the last drill
)
