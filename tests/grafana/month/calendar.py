"""When the month is: five whole weeks and a bit, with a Sunday without runs, a bad afternoon and a change of clocks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
#: Clocks go back on 2025-10-26, within the month.
PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY, WEEK = 3600.0, 86_400.0, 7 * 86_400.0


def at(text: str, zone: ZoneInfo = TOKYO) -> float:
    """Give the seconds of the epoch of a local time such as `2025-11-05T10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def midnight(day: str, zone: ZoneInfo, days: int = 0) -> float:
    """Give when a local day, or one so many days later, begins."""
    return (datetime.fromisoformat(day) + timedelta(days=days)).replace(tzinfo=zone).timestamp()


@dataclass(frozen=True)
class Stretch:
    """From `start` to before `end`, in seconds of the epoch."""

    start: float
    end: float

    def __contains__(self, moment: float) -> bool:
        return self.start <= moment < self.end


START = at("2025-09-29T00:00")  # a Monday
NOW = at("2025-11-05T16:00")  # a Wednesday
#: No run ends on this Sunday, in either zone.
QUIET = Stretch(at("2025-10-19T00:00"), at("2025-10-20T00:00", PARIS))
#: GitHub and the network fail, agents are slow.
BAD = Stretch(at("2025-11-04T13:00"), at("2025-11-04T17:30"))
#: Over the last day Prometheus scraped more often.
COARSE_SECONDS, FINE_SECONDS = 7200, 300
FINE_FROM = NOW - 25 * HOUR


def ticks() -> list[float]:
    """Give the times of all scrapes."""
    coarse = range(int(START + 2 * HOUR), int(FINE_FROM), COARSE_SECONDS)
    return [float(one) for one in (*coarse, *range(int(FINE_FROM), int(NOW) + 1, FINE_SECONDS))]
