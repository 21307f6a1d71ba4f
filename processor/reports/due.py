"""Decide which reports are due: each once, at its time on the clock of the zone, missed ones later. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from processor.model import ReportKind
from processor.reports.readings import first_day_of, period_of

#: A period is looked at so long after its end: whoever ended a run in it has written it down by then.
SETTLING_SECONDS = 60.0
_LENGTH = {ReportKind.DAILY: timedelta(days=1), ReportKind.WEEKLY: timedelta(days=7)}


def newest_closed(kind: ReportKind, now: float, zone: ZoneInfo) -> date:
    """Give the first day of the last period that is over; `now` is seconds of the epoch."""
    today = datetime.fromtimestamp(now - SETTLING_SECONDS, zone).date()
    return first_day_of(kind, today) - _LENGTH[kind]


def due_at(kind: ReportKind, first_day: date, at: time, zone: ZoneInfo) -> float:
    """Tell when the report of a period is made: at a time of the day after it.

    Where clocks go forward over that time it is made as much later; where they go back, at the first of the two.
    """
    moment = datetime.combine(first_day + _LENGTH[kind], at, zone).timestamp()
    return max(moment, period_of(kind, first_day, zone).end + SETTLING_SECONDS)


def due_reports(
    kind: ReportKind, now: float, at: time, zone: ZoneInfo, *, last: date | None, born_at: float, make_up: int
) -> tuple[date, ...]:
    """List the periods whose reports are due and not made, oldest first, each by its first day.

    Args:
        last: the newest period that was reported; None when none ever was.
        born_at: when the ledger began; before it there is nothing to report.
        make_up: at most so many; what was missed before them stays so.
    """
    newest = newest_closed(kind, now, zone)
    if now < due_at(kind, newest, at, zone):
        newest -= _LENGTH[kind]
    wanted = 1 if last is None else make_up
    found = [newest - ago * _LENGTH[kind] for ago in range(wanted)]
    return tuple(
        day for day in reversed(found) if (last is None or day > last) and period_of(kind, day, zone).end > born_at
    )
