"""Say when the last closed day and week began and ended in a time zone; a day has 23, 24 or 25 hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Period:
    """From `start` to before `end`, in seconds of the epoch, with the zone that its hours are of."""

    start: float
    end: float
    zone: ZoneInfo


def last_closed(now: float, zone: ZoneInfo) -> tuple[Period, Period]:
    """Give the day before today and the week, Monday to Sunday, before this one; `now` is seconds of the epoch."""
    today = datetime.fromtimestamp(now, zone).date()
    monday = today - timedelta(days=today.weekday())
    return (
        Period(_midnight(today - timedelta(days=1), zone), _midnight(today, zone), zone),
        Period(_midnight(monday - timedelta(days=7), zone), _midnight(monday, zone), zone),
    )


def hours_of(day: Period) -> Iterator[tuple[str, Period]]:
    """Cut a day where the hour on the clock changes, each piece with its hour, `0` to `23`.

    When clocks go back, one hour comes twice; when they go forward, one is missing. Zones whose clocks change by half
    an hour, and changes at half past, are cut right as well.
    """
    start = day.start
    while start < day.end:
        local = datetime.fromtimestamp(start, UTC).astimezone(day.zone)
        end = min(_next_change(local), day.end)
        yield str(local.hour), Period(start, end, day.zone)
        start = end


def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime.combine(day, time(), zone).timestamp()


def _next_change(local: datetime) -> float:
    """Find the next moment whose hour on the clock, or whose distance from UTC, is another one."""
    start = local.timestamp()
    quarter = 15 * 60
    moment = (start // quarter + 1) * quarter
    while True:
        then = datetime.fromtimestamp(moment, local.tzinfo)
        if then.hour != local.hour or then.utcoffset() != local.utcoffset():
            return moment
        moment += quarter
