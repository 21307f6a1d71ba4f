"""Read something of each closed period once, since it does not change any more, and keep it while it is shown."""

import math
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from sqlalchemy import Connection

from exporter.surroundings import Surroundings
from processor.model import Period

#: A period is looked at so long after its end: whoever ended a run in it has written it down by then.
SETTLING_SECONDS: Final = 60.0
Value = TypeVar("Value")


class PerPeriod(Generic[Value]):
    """The answers of one query, by period.

    `nothing` is the answer before there is a ledger. What is noted down later than it happened, such as a merge, is
    read anew after `kept_seconds`; everything is when the ledger is another one, or learned what it had missed.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        query: Callable[[Connection, float, float], Value],
        nothing: Value,
        kept_seconds: float = math.inf,
    ) -> None:
        self._ledger = surroundings.ledger
        self._clock = surroundings.clock
        self._query = query
        self._nothing = nothing
        self._kept_seconds = kept_seconds
        self._moved_at: tuple[float | None, float | None] = (None, None)
        self._read_at = -math.inf
        self._known: dict[Period, Value] = {}

    def of(self, periods: Sequence[Period]) -> list[Value]:
        """Give the answer for each period.

        Raises:
            LedgerError: it cannot be read now.
        """
        snapshot = self._ledger.snapshot()
        if snapshot.born_at is None:
            return [self._nothing] * len(periods)
        moved_at = (snapshot.born_at, snapshot.totals_moved_at)
        if moved_at != self._moved_at or abs(self._clock() - self._read_at) >= self._kept_seconds:
            self._known, self._moved_at, self._read_at = {}, moved_at, self._clock()
        missing = [period for period in periods if period not in self._known]
        if missing:
            self._read(missing, periods)
        return [self._known[period] for period in periods]

    def _read(self, missing: Sequence[Period], shown: Sequence[Period]) -> None:
        with self._ledger.connection() as db:
            found = {period: self._query(db, period.start, period.end) for period in missing}
        self._known = {period: value for period, value in self._known.items() if period in shown} | found
