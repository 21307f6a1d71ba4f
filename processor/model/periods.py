"""Say when days and weeks begin and end in a time zone; a day has 23, 24 or 25 hours, or what else its clocks do."""

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


def day_of(date_: date, zone: ZoneInfo) -> Period:
    """Give the day of a date, from midnight to midnight."""
    return Period(_midnight(date_, zone), _midnight(date_ + timedelta(days=1), zone), zone)


def week_of(date_: date, zone: ZoneInfo) -> Period:
    """Give the week that a date is in, Monday to Sunday."""
    monday = date_ - timedelta(days=date_.weekday())
    return Period(_midnight(monday, zone), _midnight(monday + timedelta(days=7), zone), zone)


def closed_days(now: float, zone: ZoneInfo, count: int) -> tuple[Period, ...]:
    """Give the last so many days that are over, the newest first; `now` is seconds of the epoch."""
    today = datetime.fromtimestamp(now, zone).date()
    return tuple(day_of(today - timedelta(days=ago), zone) for ago in range(1, count + 1))


def closed_weeks(now: float, zone: ZoneInfo, count: int) -> tuple[Period, ...]:
    """Give the last so many weeks that are over, the newest first; `now` is seconds of the epoch."""
    today = datetime.fromtimestamp(now, zone).date()
    return tuple(week_of(today - timedelta(weeks=ago), zone) for ago in range(1, count + 1))


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
