"""Checklists: who went through which section, what each item was found to be, who signed; and GitHub's alerts."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from processor.ledger.schema.metadata import metadata

#: That a section of a date is gone through once, however many services live, is the primary key.
checklist_turns = Table(
    "checklist_turns",
    metadata,
    Column("checklist", String, primary_key=True),  # daily, weekly
    Column("section", String, primary_key=True),
    Column("date", String, primary_key=True),  # YYYY-MM-DD; of a weekly list its Monday
    Column("started_at", Float, nullable=False),
    Column("started_by", String, nullable=False),
    Column("finished_at", Float),  # null while it is under way, or was cut short
)

checklist_results = Table(
    "checklist_results",
    metadata,
    Column("checklist", String, primary_key=True),
    Column("date", String, primary_key=True),
    Column("item", String, primary_key=True),
    Column("section", String, nullable=False),
    Column("status", String, nullable=False),  # ok, attention, failed, unknown
    Column("needs_person", Integer, nullable=False),  # 1 where only a person can tell; signing it is the answer
    Column("found_at", Float, nullable=False),
    Column("finding", Text, nullable=False),  # JSON: evidence, reason, what to look at
    Index("checklist_results_by_item", "item", "date"),
)

#: Deleted by no retention.
checklist_signatures = Table(
    "checklist_signatures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("checklist", String, nullable=False),
    Column("date", String, nullable=False),
    Column("item", String, nullable=False),
    Column("signed_at", Float, nullable=False),
    Column("signed_by", String, nullable=False),
    Column("note", Text, nullable=False),
    Index("checklist_signatures_by_item", "checklist", "date", "item"),
)

#: What GitHub last said of the open security alerts of a repository, by kind.
security_alerts = Table(
    "security_alerts",
    metadata,
    Column("repository", String, primary_key=True),
    Column("kind", String, primary_key=True),  # dependabot, code_scanning, secret_scanning
    Column("open_alerts", Text),  # JSON object: severity to number; null when GitHub does not say
    Column("reason", Text, nullable=False),  # why it does not; empty else
    Column("seen_at", Float, nullable=False),
)
