"""Read the reports that were made by the clock, and how they reached people."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from processor.ledger.schema import report_deliveries, reports
from processor.model import ReportKind

_WAITING: Final = "waiting"


@dataclass(frozen=True)
class DeliveryRecord:
    """How a report reached a channel: `waiting`, `delivered`, `given_up` or `withdrawn`; times are of the epoch."""

    kind: str
    date: str
    channel: str
    state: str
    attempts: int
    delivered_at: float | None
    last_error: str | None


@dataclass(frozen=True)
class ReportRecord:
    """A report that was made, without its content."""

    kind: str
    date: str
    made_at: float
    made_by: str
    deliveries: tuple[DeliveryRecord, ...]


def last_reported(db: Connection) -> dict[str, str]:
    """Give the first day of the newest period that was reported, by kind."""
    found = select(reports.c.kind, func.max(reports.c.date).label("date")).group_by(reports.c.kind)
    return {row.kind: row.date for row in db.execute(found)}


def reports_made(db: Connection, limit: int, kind: str | None = None, *, offset: int = 0) -> tuple[ReportRecord, ...]:
    """List the reports that were made, the newest periods first; `offset` leaves out so many of them."""
    wanted = select(reports.c.kind, reports.c.date, reports.c.made_at, reports.c.made_by)
    if kind is not None:
        wanted = wanted.where(reports.c.kind == kind)
    rows = db.execute(wanted.order_by(reports.c.date.desc(), reports.c.kind).limit(limit).offset(offset)).all()
    sent = _deliveries(db, min((row.date for row in rows), default=""))
    return tuple(ReportRecord(**row._mapping, deliveries=sent.get((row.kind, row.date), ())) for row in rows)


def count_reports(db: Connection, kind: str | None = None) -> int:
    """Count the reports of one kind or of all."""
    wanted = select(func.count()).select_from(reports)
    if kind is not None:
        wanted = wanted.where(reports.c.kind == kind)
    return db.execute(wanted).scalar_one()


def report_content(db: Connection, kind: str, date: str) -> str | None:
    """Read the JSON of a report that was made; None when there is none of that period."""
    wanted = select(reports.c.content).where(reports.c.kind == kind, reports.c.date == date)
    found: str | None = db.execute(wanted).scalar()
    return found


def last_reports_made_at(db: Connection) -> dict[str, float]:
    """Tell when the report of the newest period of each kind was made; a kind without one is left out."""
    found = {}
    for kind in ReportKind:
        wanted = select(reports.c.made_at).where(reports.c.kind == kind).order_by(reports.c.date.desc())
        made_at = db.execute(wanted.limit(1)).scalar()
        if made_at is not None:
            found[str(kind)] = made_at
    return found


def oldest_undelivered(db: Connection) -> dict[str, float]:
    """Tell since when the oldest report waits on each channel; a channel on which none waits is left out."""
    since = func.min(report_deliveries.c.waiting_since).label("since")
    found = select(report_deliveries.c.channel, since).where(report_deliveries.c.state == _WAITING)
    return {row.channel: row.since for row in db.execute(found.group_by(report_deliveries.c.channel))}


def is_delivery_due(db: Connection, now: float) -> bool:
    """Tell whether a report waits whose turn has come, on whichever channel."""
    due = (report_deliveries.c.state == _WAITING, report_deliveries.c.next_attempt_at <= now)
    return db.execute(select(report_deliveries.c.kind).where(*due).limit(1)).first() is not None


def _deliveries(db: Connection, since: str) -> dict[tuple[str, str], tuple[DeliveryRecord, ...]]:
    names = (name for name in DeliveryRecord.__dataclass_fields__)
    wanted = select(*(report_deliveries.c[name] for name in names)).where(report_deliveries.c.date >= since)
    found: dict[tuple[str, str], tuple[DeliveryRecord, ...]] = {}
    for row in db.execute(wanted.order_by(report_deliveries.c.channel)):
        one = DeliveryRecord(**row._mapping)  # SQLAlchemy's documented name
        found[one.kind, one.date] = (*found.get((one.kind, one.date), ()), one)
    return found
