"""Write reports and their deliveries: a period once, a message to each channel by one service at a time."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select, true, update

from processor.ledger import families, totals
from processor.ledger.schema import report_deliveries, reports
from processor.model import ReportChannel, ReportKind

WAITING, DELIVERED, GIVEN_UP, WITHDRAWN = "waiting", "delivered", "given_up", "withdrawn"
#: A service that took on a delivery and died leaves it to the others after so long.
_LEASE_SECONDS = 300.0


@dataclass(frozen=True, kw_only=True)
class MadeReport:
    """A report as it was made; `date` is the first day of its period, `content` its JSON."""

    kind: ReportKind
    date: str
    made_at: float
    made_by: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A report on its way; `attempts` counts the one that was just taken on."""

    report: MadeReport
    channel: ReportChannel
    attempts: int
    waiting_since: float


def record(db: Connection, report: MadeReport, channels: Collection[ReportChannel]) -> bool:
    """Keep a report and have it sent on each channel; False, and nothing written, when its period was reported."""
    of_it = (reports.c.kind == report.kind, reports.c.date == report.date)
    if db.execute(select(reports.c.kind).where(*of_it)).first() is not None:
        return False
    db.execute(insert(reports).values(**report.__dict__))
    for channel in channels:
        db.execute(
            insert(report_deliveries).values(
                kind=report.kind,
                date=report.date,
                channel=channel,
                state=WAITING,
                waiting_since=report.made_at,
                attempts=0,
                next_attempt_at=report.made_at,
            )
        )
    return True


def take_on_delivery(db: Connection, channels: Collection[ReportChannel], now: float) -> Delivery | None:
    """Take the oldest report whose turn it is on one of the channels, for some minutes; None without one."""
    due = (report_deliveries.c.state == WAITING, report_deliveries.c.next_attempt_at <= now)
    wanted = (
        select(report_deliveries, reports.c.made_at, reports.c.made_by, reports.c.content)
        .join(reports, (reports.c.kind == report_deliveries.c.kind) & (reports.c.date == report_deliveries.c.date))
        .where(*due, report_deliveries.c.channel.in_(channels))
        .order_by(report_deliveries.c.date, report_deliveries.c.kind, report_deliveries.c.channel)
    )
    row = db.execute(wanted.limit(1)).first()
    if row is None:
        return None
    report = MadeReport(
        kind=ReportKind(row.kind), date=row.date, made_at=row.made_at, made_by=row.made_by, content=row.content
    )
    found = Delivery(
        report=report,
        channel=ReportChannel(row.channel),
        attempts=row.attempts + 1,
        waiting_since=row.waiting_since,
    )
    _set(db, found, true(), attempts=found.attempts, next_attempt_at=now + _LEASE_SECONDS)
    return found


def note_delivered(db: Connection, delivery: Delivery, now: float) -> None:
    """Record that a report was handed over, once; it was, also where another service has taken it on since."""
    delivered = {"state": DELIVERED, "delivered_at": now, "next_attempt_at": None, "last_error": None}
    if _set(db, delivery, report_deliveries.c.state != DELIVERED, **delivered):
        _count(db, delivery, DELIVERED)


def note_failed(db: Connection, delivery: Delivery, error: str, next_attempt_at: float | None) -> None:
    """Record that it was not, and when it is tried again; None gives it up.

    It says nothing where somebody has taken it on since, or it waits no more.
    """
    failed = {
        "state": GIVEN_UP if next_attempt_at is None else WAITING,
        "next_attempt_at": next_attempt_at,
        "last_error": error,
    }
    is_ours = (report_deliveries.c.state == WAITING) & (report_deliveries.c.attempts == delivery.attempts)
    if _set(db, delivery, is_ours, **failed):
        _count(db, delivery, "failed" if next_attempt_at is not None else GIVEN_UP)


def withdraw_deliveries(db: Connection, channels: Collection[ReportChannel]) -> int:
    """Let go what waits for channels that are not in use any more, and tell how many."""
    is_idle = (report_deliveries.c.state == WAITING, report_deliveries.c.channel.not_in(channels))
    return db.execute(update(report_deliveries).where(*is_idle).values(state=WITHDRAWN, next_attempt_at=None)).rowcount


def _set(db: Connection, delivery: Delivery, condition: ColumnElement[bool], **values: object) -> bool:
    of_it = (
        report_deliveries.c.kind == delivery.report.kind,
        report_deliveries.c.date == delivery.report.date,
        report_deliveries.c.channel == delivery.channel,
    )
    return db.execute(update(report_deliveries).where(*of_it, condition).values(**values)).rowcount > 0


def _count(db: Connection, delivery: Delivery, result: str) -> None:
    labels = {"report": delivery.report.kind, "channel": delivery.channel, "result": result}
    totals.add(db, families.REPORT_DELIVERIES, labels)
