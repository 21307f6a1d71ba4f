"""What Alertmanager told, and the drills of alerts."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from processor.ledger.schema.metadata import metadata

#: One row per firing of an alert, as Alertmanager told it; the history behind incident reviews.
alert_incidents = Table(
    "alert_incidents",
    metadata,
    Column("fingerprint", String, primary_key=True),
    Column("starts_at", Float, primary_key=True),
    Column("alert", String, nullable=False),
    Column("severity", String, nullable=False),  # empty when the alert has none
    Column("labels", Text, nullable=False),  # JSON object
    Column("annotations", Text, nullable=False),  # JSON object, as last told
    Column("ends_at", Float),  # null while it fires
    Column("last_status", String, nullable=False),  # firing, resolved
    Column("received_at", Float, nullable=False),
    Column("last_received_at", Float, nullable=False),
    Column("notifications", Integer, nullable=False),  # how often Alertmanager told of it, repetitions included
    Index("incidents_by_start", "starts_at"),
)

#: The last drill of each alert.
drills = Table(
    "drills",
    metadata,
    Column("alert", String, primary_key=True),
    Column("last_run_at", Float, nullable=False),
    Column("last_success_at", Float),  # null when no drill ever passed
    Column("k", Float, nullable=False),  # what every duration was divided by in the last drill
    Column("details", Text, nullable=False),  # JSON object of the last drill
)
