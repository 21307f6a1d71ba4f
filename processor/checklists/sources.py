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
    """Everything that readings are taken from.

    Args:
        now: seconds of the epoch.
        outdated: asks for packages with a newer version.
        list_date: that of a list that is made up later; what it says of "the day before" is before this date.
    """

    ledger: Readable
    settings: Settings
    now: float
    outdated: Callable[[], Outdated] = outdated_packages
    list_date: date | None = None

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
        """The date of the list: that of now, there, unless it is another one's."""
        return self.list_date or datetime.fromtimestamp(self.now, self.zone).date()

    def day(self, ago: int = 1) -> Period:
        """Give the day so many days before the list; that of the day before when it is not said."""
        return day_of(self.today - timedelta(days=ago), self.zone)

    def week(self, ago: int = 1) -> Period:
        """Give the week so many weeks before the list's; the last closed one when it is not said."""
        return week_of(self.today - timedelta(weeks=ago), self.zone)

    @contextmanager
    def db(self) -> Iterator[Connection]:
        """Read the ledger."""
        with self.ledger.read() as found:
            yield found
