"""Decide whether a service may go on that cannot prove that it lives.

While the liveness lock is gone, others may take this service's runs over. A database that restarts frees every lock for
some seconds, so the lock is asked for again at once. With the lock back the service goes on only if nobody took one of
its runs meanwhile. Without it a service that works on runs must end its programs and leave after a short while, before
two hosts work on one run for long; one that works on nothing has nothing to lose and keeps asking.
"""

import time
from collections.abc import Callable

from processor import logs
from processor.engine.liveness import Liveness

_LOG = logs.get_logger("engine")
#: Longer than a database takes to restart, shorter than it takes to be sure that a silent service is dead.
_FENCE_SECONDS = 10.0


class Fence:
    """Watches one service's lock."""

    def __init__(self, liveness: Liveness, instance: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._liveness = liveness
        self._instance = instance
        self._clock = clock
        self._lost_at: float | None = None

    @property
    def is_down(self) -> bool:
        """Tell whether the lock is gone: nothing new may start and nobody may be taken over."""
        return self._lost_at is not None

    def may_go_on(self, *, is_working: Callable[[], bool], is_still_ours: Callable[[], bool]) -> bool:
        """Look at the lock once, and try to get a lost one back; False when the service must leave.

        Args:
            is_working: tells whether a run is in hand; asks no database.
            is_still_ours: tells whether everything in hand is still ours; None of it was taken over.
        """
        if self._lost_at is None:
            if self._liveness.is_held():
                return True
            self._lost_at = self._clock()
            _LOG.error(logs.SERVICE_LOCK_LOST, instance=self._instance)
        if self._liveness.retake():
            self._lost_at = None
            return is_still_ours()
        return not is_working() or self._clock() - self._lost_at < _FENCE_SECONDS
