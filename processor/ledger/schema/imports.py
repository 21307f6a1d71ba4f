"""What was taken over from the original system: apart from our own runs, so that no number mixes the two."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from processor.ledger.schema.metadata import metadata

#: One row per sighting of a run; a run that several files tell of has one that stands for it (`same_as` null).
imported_runs = Table(
    "imported_runs",
    metadata,
    Column("identity", String, primary_key=True),
    Column("source", String, nullable=False),  # metrics_db, log, csv_export, reopened, processing_json
    Column("place", Text, nullable=False),  # FILE:LINE
    Column("repository", String, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("priority", String),
    Column("claimed", String, nullable=False),  # success, error, skipped, unknown: what the original system said
    Column("started_at", Float),
    Column("finished_at", Float),
    Column("seconds", Float),
    Column("error_message", Text),
    Column("pull_request", Integer),
    Column("pull_request_url", Text),
    Column("same_as", String),
    Column("verdict", String),  # what GitHub shows of a claimed success; null until it was asked
    Column("verified_at", Float),
    Column("counted_at", Float),  # when it was added to the totals; null as long as it is not
    Column("imported_at", Float, nullable=False),
    Index("imported_runs_by_issue", "repository", "issue"),
)

#: Everything else: reports, gate scores, alerts, health, as the files had it.
imported_records = Table(
    "imported_records",
    metadata,
    Column("identity", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("place", Text, nullable=False),
    Column("at", Float),
    Column("issue", Integer),
    Column("pull_request", Integer),
    Column("content", Text, nullable=False),  # JSON object
    Column("imported_at", Float, nullable=False),
    Index("imported_records_by_kind", "kind", "at"),
)
