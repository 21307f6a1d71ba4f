"""Go as slowly as GitHub asks its clients to go, over all threads together."""

import threading
import time
from collections.abc import Callable


class Throttle:
    """Hand out moments at which requests may start, `between_requests` apart, and writes `between_writes` apart."""

    def __init__(
        self,
        between_requests: float,
        between_writes: float,
        *,
        sleep: Callable[[float], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._between_requests = between_requests
        self._between_writes = between_writes
        self._sleep = sleep
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._next_request = 0.0
        self._next_write = 0.0

    def wait(self, *, is_write: bool) -> None:
        """Take the next free moment and sleep until it has come."""
        with self._lock:
            now = self._monotonic()
            start = max(now, self._next_request, self._next_write if is_write else 0.0)
            self._next_request = start + self._between_requests
            if is_write:
                self._next_write = start + self._between_writes
        if start > now:
            self._sleep(start - now)
