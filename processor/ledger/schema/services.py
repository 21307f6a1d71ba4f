"""Which services live, and the programs that each has started."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from processor.ledger.schema.metadata import metadata

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
    # What the service works with now; None until it said so.
    Column("capacity_level", String),
    Column("capacity_reason", String),
    Column("max_parallel", Integer),
    Column("poll_interval_seconds", Float),
    Column("settings_change", Integer),  # the last of setting_changes that it has taken up
    Column("settings_left_out", Text),  # keys that do not go with its files, a comma between two
)

#: What the settings files last said that was right, as each service works with it.
service_settings = Table(
    "service_settings",
    metadata,
    Column("instance", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("folder", String, nullable=False),  # of the settings files, as an absolute path
    Column("noted_at", Float, nullable=False),
    Column("document", Text, nullable=False),  # JSON
)

#: At which level of load each host was, since when, and why.
capacity_changes = Table(
    "capacity_changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("instance", String, nullable=False),
    Column("before", String),  # None where the service started
    Column("after", String, nullable=False),
    Column("reason", Text, nullable=False),
)

Index("capacity_changes_by_time", capacity_changes.c.at)

#: Process groups that agents and checks run in, so that a start after a crash can end what is left.
process_groups = Table(
    "process_groups",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("process_group", Integer, primary_key=True),
    Column("instance", String, nullable=False),
    Column("leader_started_at", Float, nullable=False),  # tells a recycled process id from ours
)
