"""Keep one service in step with its settings and its load: look every second, and have engine and clock follow."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from processor import logs
from processor.engine.executor import Engine
from processor.errors import LedgerError
from processor.intake.capacity import Capacity, capacity_of
from processor.ledger import capacity_changes
from processor.ledger.capacity_changes import CapacityChange
from processor.ledger.overrides import Override
from processor.operations.capacity_level import CAPACITY_KEY
from processor.operations.load_level import LoadReading, LoadState, next_state
from processor.operations.settings_in_force import SettingsInForce, SettingsNews
from processor.service.journal import Journal
from processor.settings.sections import LevelName, Settings

LOOK_SECONDS = 1.0
_READ_LOAD_SECONDS = 5.0
_LOG = logs.get_logger("capacity")


@dataclass
class Steering:
    """Decides what capacity is in force on this host.

    Args:
        read_load: what the host carries; asked every few seconds while the level is automatic.
        steady: a clock that nobody sets.
    """

    in_force: SettingsInForce
    news: SettingsNews
    journal: Journal
    read_load: Callable[[], LoadReading]
    steady: Callable[[], float] = time.monotonic
    _load: LoadState | None = field(default=None, init=False)
    _read_at: float | None = field(default=None, init=False)
    _recorded: LevelName | None = field(default=None, init=False)

    def begin(self) -> Capacity:
        """Take up what was set before the start, and give the capacity to start with."""
        self.in_force.look(self.news)
        return self._capacity()

    def look(self, engine: Engine, rearm: Callable[[Settings], None]) -> None:
        """Take up what changed since the last look.

        Args:
            rearm: sets the duties' clocks anew, where their intervals changed.
        """
        self.in_force.look(self.news)
        before, wanted = engine.capacity, self._capacity()
        if wanted != before:
            engine.set_capacity(wanted)
        capacity = engine.capacity
        if capacity.level != before.level:
            _LOG.warning(
                logs.CAPACITY_CHANGED, before=before.level, after=capacity.level, parallel=capacity.parallel,
                poll_interval_seconds=capacity.poll_interval_seconds, reason=capacity.reason,
            )  # fmt: skip
            self.journal.capacity_changed(before.level, capacity.level, capacity.reason)
        self._record(capacity)
        rearm(self.in_force.settings)

    def _record(self, capacity: Capacity) -> None:
        """Keep the level in the ledger, that of the start too; while it cannot be reached, at a later look."""
        if capacity.level == self._recorded:
            return
        change = CapacityChange(
            at=self.in_force.clock(), instance=self.in_force.actor, before=self._recorded, after=capacity.level,
            reason=capacity.reason,
        )  # fmt: skip
        with contextlib.suppress(LedgerError):
            with self.in_force.ledger.write() as db:
                capacity_changes.record(db, change)
            self._recorded = capacity.level

    def _capacity(self) -> Capacity:
        main = self.in_force.settings.main
        load = self._automatic()  # followed under a level by hand too, to be right when that ends
        if main.capacity.level != "auto":
            return capacity_of(main, main.capacity.level, self._who(main.capacity.level))
        return capacity_of(main, load.level, load.reason)

    def _automatic(self) -> LoadState:
        now = self.steady()
        if self._load is None or self._read_at is None or not 0 <= now - self._read_at < _READ_LOAD_SECONDS:
            self._read_at = now
            rules = self.in_force.settings.main.capacity.automatic
            self._load = next_state(self._load, self.read_load(), rules, now)
        return self._load

    def _who(self, level: LevelName) -> str:
        found: Override | None = next(
            (one for one in self.in_force.standing.overrides if one.key == CAPACITY_KEY and one.value == level), None
        )
        return f"set by {found.set_by}: {found.reason}" if found else "set in the settings files"
