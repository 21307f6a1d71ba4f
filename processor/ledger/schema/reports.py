"""The reports that were made by the clock, how they reached people, and what hosts carried meanwhile."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from processor.ledger.schema.metadata import metadata

#: That a period is reported once, however many services live, is the primary key.
reports = Table(
    "reports",
    metadata,
    Column("kind", String, primary_key=True),  # daily, weekly
    Column("date", String, primary_key=True),  # the first day of the period, YYYY-MM-DD
    Column("made_at", Float, nullable=False),
    Column("made_by", String, nullable=False),
    Column("content", Text, nullable=False),  # JSON, as docs/schemas has it
)

report_deliveries = Table(
    "report_deliveries",
    metadata,
    Column("kind", String, primary_key=True),
    Column("date", String, primary_key=True),
    Column("channel", String, primary_key=True),  # email, webhook
    Column("state", String, nullable=False),  # waiting, delivered, given_up, withdrawn
    Column("waiting_since", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Float),  # null when none follows
    Column("delivered_at", Float),
    Column("last_error", Text),
    Index("report_deliveries_by_turn", "state", "next_attempt_at"),
)

#: What each host carried, hour by hour: sums and maxima of one reading a minute.
host_hours = Table(
    "host_hours",
    metadata,
    Column("host", String, primary_key=True),
    Column("hour_at", Float, primary_key=True),  # when the hour began
    Column("readings", Integer, nullable=False),
    Column("cpu_sum", Float, nullable=False),  # ratios
    Column("cpu_max", Float, nullable=False),
    Column("memory_sum", Float, nullable=False),
    Column("memory_max", Float, nullable=False),
    Column("disk_max", Float, nullable=False),  # of the fullest disk; 0 when none could be read
    Column("load_sum", Float, nullable=False),  # per core
)
