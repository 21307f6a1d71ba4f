"""Where readings come from: the ledger, the settings in force, the clock, and this host."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from processor.checklists.readings.packages import Outdated, outdated_packages
from processor.model import Period, day_of, week_of
from processor.settings.sections import ChecklistLimits, Settings


class Readable(Protocol):
    """A ledger that can be read."""

    def read(self) -> AbstractContextManager[Connection]:
        """Give a consistent view."""


@dataclass(frozen=True)
class Sources:
    """Everything that readings are taken from; `now` is seconds of the epoch."""

    ledger: Readable
    settings: Settings
    now: float
    outdated: Callable[[], Outdated] = outdated_packages

    @property
    def limits(self) -> ChecklistLimits:
        """From which number on an item is not well."""
        return self.settings.main.checklists.limits

    @property
    def zone(self) -> ZoneInfo:
        """The operators' time zone."""
        return ZoneInfo(self.settings.main.timezone)

    @property
    def today(self) -> date:
        """The date there."""
        return datetime.fromtimestamp(self.now, self.zone).date()

    def day(self, ago: int = 1) -> Period:
        """Give the day so many days ago; yesterday when it is not said."""
        return day_of(self.today - timedelta(days=ago), self.zone)

    def week(self, ago: int = 1) -> Period:
        """Give the week so many weeks ago; the last closed one when it is not said."""
        return week_of(self.today - timedelta(weeks=ago), self.zone)

    @contextmanager
    def db(self) -> Iterator[Connection]:
        """Read the ledger."""
        with self.ledger.read() as found:
            yield found
