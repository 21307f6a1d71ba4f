"""What no retention deletes: facts of the ledger itself, totals, the acts of operators and what they set."""

from sqlalchemy import Column, Float, Integer, String, Table, Text

from processor.ledger.schema.metadata import metadata

#: Facts about the ledger itself: `born_at`, the created time of every counter; `made_at`, where that was moved since;
#: `installation`, the id under which it makes things on GitHub.
facts = Table("facts", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

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
