"""When a made-up ledger is looked at, and the moments around which days, weeks and hours begin there."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

#: Where clocks change by an hour in the night, by half an hour, at midnight, past midnight, at a quarter to three, by
#: two hours, and never.
ZONES = (
    "Asia/Tokyo", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo",
    "America/Santiago", "Pacific/Chatham", "Antarctica/Troll", "Asia/Kathmandu",
)  # fmt: skip
#: A period is looked at so long after its end.
SETTLING_SECONDS = 60.0
_DAY = 86_400.0
#: Both are over: a Prometheus takes nothing of the future.
_YEARS = [date(2024, 1, 1) + timedelta(days=day) for day in range(2 * 365)]


def begins(day: date, zone: ZoneInfo) -> float:
    """Find the first second of a day: by what the clocks show, not by the time of a midnight that may not be."""
    around = int(datetime.combine(day, time(), UTC).timestamp())
    seconds = range(around - 2 * int(_DAY), around + 2 * int(_DAY))
    return float(seconds[bisect_left(seconds, day, key=lambda second: datetime.fromtimestamp(second, zone).date())])


@cache
def days_of_change(zone: ZoneInfo) -> tuple[date, ...]:
    """List the days of two years that are not 24 hours long."""
    return tuple(day for day in _YEARS if begins(day + timedelta(days=1), zone) - begins(day, zone) != _DAY)


@dataclass(frozen=True)
class Look:
    """A look at the ledger from a time zone, in seconds of the epoch."""

    zone_name: str
    now: float

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    def days(self, count: int) -> list[date]:
        """List the last so many days that are over, the newest first."""
        today = datetime.fromtimestamp(self.now - SETTLING_SECONDS, self.zone).date()
        return [today - timedelta(days=ago) for ago in range(1, count + 1)]

    def mondays(self, count: int) -> list[date]:
        """List the Mondays of the last so many weeks that are over, the newest first."""
        today = datetime.fromtimestamp(self.now - SETTLING_SECONDS, self.zone).date()
        return [today - timedelta(days=today.weekday() + 7 * ago) for ago in range(1, count + 1)]

    def day(self, ago: int = 0) -> tuple[float, float]:
        """Give when the last day that is over, or one before it, began and ended."""
        return self._span(self.days(ago + 1)[-1], 1)

    def week(self, ago: int = 0) -> tuple[float, float]:
        """Give when the last week that is over, or one before it, began and ended."""
        return self._span(self.mondays(ago + 1)[-1], 7)

    def _span(self, first_day: date, days: int) -> tuple[float, float]:
        return begins(first_day, self.zone), begins(first_day + timedelta(days=days), self.zone)

    def edges(self) -> list[float]:
        """List when the days and weeks that are shown begin and end."""
        spans = [*(self.day(ago) for ago in range(8)), *(self.week(ago) for ago in range(5))]
        return sorted({edge for span in spans for edge in span if edge < self.now})

    def half_hours(self) -> list[float]:
        """List when the half hours of the last day begin."""
        start, end = self.day()
        return [start + 1800 * half for half in range(int((end - start) // 1800))]


@st.composite
def looks(draw: st.DrawFn) -> Look:
    """Look at any time of two years, more often on the days after clocks changed, and when a day has just ended."""
    name = draw(st.sampled_from(ZONES))
    changes = days_of_change(ZoneInfo(name)) or tuple(_YEARS[:1])
    ago = timedelta(days=draw(st.sampled_from((1, 1, 2, 5, 8))))
    day = draw(st.sampled_from(changes) | st.sampled_from(_YEARS)) + ago
    since = draw(st.sampled_from((8.5 * 3600, 0.0, 59.5, SETTLING_SECONDS)) | st.floats(0, 0.9 * _DAY))
    return Look(name, begins(day, ZoneInfo(name)) + since)


def moments(look: Look) -> st.SearchStrategy[float]:
    """Give moments of the last forty days: on an edge, as close to one as a number can be, near one, or anywhere."""
    edges = look.edges()
    beside = [moment for edge in edges for moment in (math.nextafter(edge, 0), math.nextafter(edge, math.inf))]
    near = [edge + seconds for edge in edges for seconds in (-60.0, -1.0, 0.5) if edge + seconds < look.now]
    anywhere = st.floats(look.now - 40 * _DAY, look.now, exclude_max=True)
    hours = st.sampled_from(look.half_hours())
    return st.one_of(*map(st.sampled_from, (look.day(), edges, beside, near)), hours, anywhere)
