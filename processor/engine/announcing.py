"""Tell of ends that were not told: what GitHub could not hear when a run ended, and what ended in the queue."""

from collections.abc import Callable, Collection

from processor.ledger import queries, runs
from processor.pipeline.announcement import announce
from processor.pipeline.context import Context

_NO_LONGER_SECONDS = 24 * 3600.0
_FIRST_WAIT_SECONDS = 5.0
_LONGEST_WAIT_SECONDS = 3600.0


class Announcer:
    """Goes after the runs of one service; each waits longer after every failure."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waits: dict[str, float] = {}
        self._next: dict[str, float] = {}

    def look(self, in_hand: Callable[[], Collection[str]]) -> None:
        """Announce what is due.

        Args:
            in_hand: names the runs that the engine is about to announce itself; two at once would write two comments.
                Asked after the look into the ledger: what ended by then and is in hand no more was announced.
        """
        now = self._context.clock()
        with self._context.ledger.read() as db:
            silent = queries.unannounced_runs(db, self._context.instance, now - _NO_LONGER_SECONDS)
        busy = in_hand()
        for run_id in silent:
            if run_id not in busy and now >= self._next.get(run_id, 0.0):
                self._try(run_id)

    def note_unnoticed(self) -> None:
        """Write into the operator's log how runs ended that were cancelled or withdrawn while they waited."""
        context = self._context
        since = context.clock() - _NO_LONGER_SECONDS
        with context.ledger.read() as db:
            unnoticed = queries.unnoticed_runs(db, since)
        for run in unnoticed:
            # In one transaction, so that of several services one writes, and a crash between the two loses no line.
            with context.ledger.write() as db:
                if runs.set_announced(db, run.run_id, context.clock()):
                    context.journal.run_finished(run, is_first=False)

    def _try(self, run_id: str) -> None:
        if announce(self._context, run_id):
            self._waits.pop(run_id, None)
            self._next.pop(run_id, None)
            return
        wait = self._waits.get(run_id, _FIRST_WAIT_SECONDS)
        self._next[run_id] = self._context.clock() + wait
        self._waits[run_id] = min(2 * wait, _LONGEST_WAIT_SECONDS)
