"""Say what keeps a run from starting, for who waits for its end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from processor.cli.screen import note
from processor.ledger.connection import Ledger
from processor.ledger.records import RunRecord
from processor.operations.held_back import obstacles_of
from processor.settings.sections import MainFile

#: What holds a run for which no service is asked: neither pause nor capacity.
OF_OWN_WORK = frozenset({"open_cap", "hour_cap"})
OF_A_SERVICE = frozenset({"pause", "capacity", *OF_OWN_WORK})


@dataclass
class WaitTeller:
    """Says each obstacle as it comes, then hands the run on to who tells of its phases."""

    ledger: Ledger
    main: MainFile
    heeded: frozenset[str]
    tell_phases: Callable[[RunRecord], None]
    _told: frozenset[str] = field(default=frozenset(), init=False)

    def __call__(self, run: RunRecord) -> None:
        """Look what holds the run now; what has been said and still holds is not said again."""
        with self.ledger.read() as db:
            found = obstacles_of(db, run, self.main, time.time())
        held = self.heeded & found.keys()
        for name, sentence in found.items():
            if name in held - self._told:
                note(f"  it waits: {sentence}")
        self._told = held
        self.tell_phases(run)
