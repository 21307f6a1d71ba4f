"""What may be forgotten and is found out again: findings on base commits, rate limits."""

from sqlalchemy import Column, Float, Integer, String, Table, Text

from processor.ledger.schema.metadata import metadata

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
