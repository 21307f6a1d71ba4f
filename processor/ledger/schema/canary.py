"""The rounds of the canary."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text, text

from processor.ledger.schema.metadata import metadata

#: One row a round, for ever: a round an hour is little.
canary_rounds = Table(
    "canary_rounds",
    metadata,
    Column("round_id", String, primary_key=True),
    Column("repository", String, nullable=False),
    Column("requested_by", String, nullable=False),  # `clock`, or an operator
    Column("begun_at", Float, nullable=False),
    Column("deadline_at", Float, nullable=False),
    Column("sent_at", Float),  # when GitHub was last asked to make the issue; the answer may be lost
    Column("issue", Integer),
    Column("pull_request", Integer),
    Column("trouble", Text),  # what stands in the way at the moment
    Column("result", String),
    Column("reason", Text),
    Column("ended_at", Float),  # when the result was known
    Column("cleaned_at", Float),  # when nothing was left of it on GitHub
    Column("held_by", String),  # the service that works on it
    Column("held_until", Float),
    # Of several services one begins a round, and it has no second beside it.
    Index(
        "one_open_canary_round",
        "repository",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("canary_rounds_by_issue", "repository", "issue"),
    Index("canary_rounds_by_begin", "begun_at"),
    Index(
        "canary_rounds_unfinished",
        "begun_at",
        sqlite_where=text("cleaned_at IS NULL"),
        postgresql_where=text("cleaned_at IS NULL"),
    ),
)
