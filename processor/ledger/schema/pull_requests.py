"""The pull requests that we opened, as last seen."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text, UniqueConstraint, text

from processor.ledger.schema.metadata import metadata

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
    Column("closed_at", Float),  # the last time, merged or not; kept when it is reopened
    Column("looked_at", Float, nullable=False),
    Column("first_reviewed_at", Float),  # when somebody first reviewed it; null until then
    Index("pull_requests_by_end", "closed_at"),
    UniqueConstraint("repository", "branch", "number", name="pull_request_by_branch"),
    Index(
        "open_pull_requests",
        "repository",
        "review_state",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)
