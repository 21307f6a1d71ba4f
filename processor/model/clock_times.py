"""Say when a time of day was due last, in a time zone whose clocks may change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def last_due(now: float, clock_time: str, zone: ZoneInfo) -> float:
    """Tell when the clock last showed a time, such as `02:30`, in seconds of the epoch; at most `now`.

    Where clocks go forward over it, it is due as long after midnight as on other days; where they go back, the first
    of the two times counts.
    """
    hour, minute = (int(part) for part in clock_time.split(":"))
    day = datetime.fromtimestamp(now, zone).date()
    while True:
        # The round trip through UTC gives a time that the clock leaves out its place on the real line of time.
        due = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC).timestamp()
        if due <= now:
            return due
        day -= timedelta(days=1)
