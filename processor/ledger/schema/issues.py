"""Which repositories were asked, and every issue that was ever looked at."""

from sqlalchemy import Boolean, Column, Float, Integer, String, Table, Text, text

from processor.ledger.schema.metadata import metadata

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
