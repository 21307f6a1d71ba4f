"""The daily reports of the month on their way: mail arrives at once, the webhook is away for an hour some days."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import Connection

from processor.ledger import reports
from processor.ledger.reports import MadeReport
from processor.model import ReportChannel, ReportKind
from tests.grafana.month.calendar import DAY, HOUR, NOW, START, TOKYO
from tests.grafana.month.scenes import Act

_AT = time(8, 30)
_EVERY = 5  #: so many days the webhook is away


def acts_of_reports() -> Iterator[tuple[float, Act]]:
    """Give every report of the month with its time, and each try to send it."""
    moment = datetime.combine(datetime.fromtimestamp(START, TOKYO).date(), _AT, TOKYO).timestamp()
    while moment < NOW - HOUR:
        is_away = int(moment // DAY) % _EVERY == 0
        yield moment, partial(_make, is_away=is_away)
        if is_away:
            yield moment + HOUR, _send_again
        moment += DAY


def _make(db: Connection, now: float, *, is_away: bool) -> None:
    date = datetime.fromtimestamp(now, TOKYO).date() - timedelta(days=1)
    made = MadeReport(kind=ReportKind.DAILY, date=date.isoformat(), made_at=now, made_by="processor-1", content="{}")
    reports.record(db, made, tuple(ReportChannel))
    while (delivery := reports.take_on_delivery(db, tuple(ReportChannel), now)) is not None:
        if is_away and delivery.channel is ReportChannel.WEBHOOK:
            reports.note_failed(db, delivery, "hooks.example.com answered 503 to the report", now + HOUR)
        else:
            reports.note_delivered(db, delivery, now)


def _send_again(db: Connection, now: float) -> None:
    delivery = reports.take_on_delivery(db, (ReportChannel.WEBHOOK,), now)
    assert delivery is not None
    reports.note_delivered(db, delivery, now)
