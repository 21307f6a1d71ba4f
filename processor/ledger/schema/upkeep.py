"""Backups that there are, and when each nightly duty had its last turn."""

from sqlalchemy import BigInteger, Boolean, Column, Float, String, Table, Text

from processor.ledger.schema.metadata import metadata

#: One row per backup that is kept; what lies in the folder decides, and the rows follow.
backups = Table(
    "backups",
    metadata,
    Column("name", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("verified_at", Float),  # the last time that it was restored on trial; null until then
    Column("is_sound", Boolean),  # what that trial said
)

#: The last turn of what one service does each night for all of them.
nightly_turns = Table(
    "nightly_turns",
    metadata,
    Column("duty", String, primary_key=True),
    Column("started_at", Float, nullable=False),
    Column("started_by", String, nullable=False),
    Column("ended_at", Float),  # null while it is under way, or was cut short
    Column("result", Text),  # JSON: what it did, why it failed, or that it is begun again
)
