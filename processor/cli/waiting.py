"""Wait for something to become true, showing on a terminal that we do."""

import sys
import time
from collections.abc import Callable

from rich.console import Console

_INTERVAL_SECONDS = 0.2


def wait_until(is_done: Callable[[], bool], timeout_seconds: float | None, what: str | Callable[[], str]) -> bool:
    """Ask until it is so; False when the time is up. A timeout of None waits for ever."""
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds

    def say() -> str:
        return what if isinstance(what, str) else what()

    with Console(file=sys.stderr, highlight=False, markup=False).status(say()) as shown:
        while not is_done():
            if deadline is not None and time.monotonic() >= deadline:
                return False
            time.sleep(_INTERVAL_SECONDS)
            shown.update(say())
    return True
