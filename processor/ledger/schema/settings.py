"""What operators changed of the settings at run time: what is in force now, and every change that ever was."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from processor.ledger.schema.metadata import metadata

#: Overrides in force; a row goes when it is taken back or its time is over.
setting_overrides = Table(
    "setting_overrides",
    metadata,
    Column("key", String, primary_key=True),  # such as gate.minimum_score
    Column("value", Text, nullable=False),  # JSON
    Column("set_at", Float, nullable=False),
    Column("set_by", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("announced_at", Float),  # when its end was announced; None until then
)

#: Who changed what, when and why, with the value before and after; deleted by no retention.
setting_changes = Table(
    "setting_changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),  # set, reverted, expired, reloaded
    Column("key", String, nullable=False),
    Column("before", Text, nullable=False),  # JSON
    Column("after", Text, nullable=False),  # JSON
    Column("reason", Text, nullable=False),
    Column("expires_at", Float),  # of an override that was set
)

Index("setting_changes_by_time", setting_changes.c.at)
