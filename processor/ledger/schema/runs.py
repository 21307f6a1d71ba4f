"""What was done for an issue: runs, and what happened inside each."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, Text, text

from processor.ledger.schema.metadata import metadata

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
    Column("is_canary", Boolean, nullable=False, server_default=text("false")),  # counted nowhere but with the canary
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
