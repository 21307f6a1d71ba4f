"""Write and read at which level of load each host was, and why."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from processor.ledger.schema import capacity_changes

#: A host may change its level every two minutes for good; the metrics know what was longer ago.
KEPT_SECONDS = 90 * 86_400.0


@dataclass(frozen=True, kw_only=True)
class CapacityChange:
    """A host is at another level; `before` is None where its service started."""

    at: float
    instance: str
    before: str | None
    after: str
    reason: str


def record(db: Connection, change: CapacityChange) -> None:
    """Write one change, and forget those of three months ago."""
    db.execute(delete(capacity_changes).where(capacity_changes.c.at < change.at - KEPT_SECONDS))
    db.execute(insert(capacity_changes).values(**change.__dict__))


def list_changes(db: Connection, limit: int) -> tuple[CapacityChange, ...]:
    """Read the newest changes of all hosts, newest first."""
    columns = [column for column in capacity_changes.c if column.name != "id"]
    rows = db.execute(select(*columns).order_by(capacity_changes.c.id.desc()).limit(limit))
    return tuple(CapacityChange(**row._mapping) for row in rows)  # SQLAlchemy's documented name
