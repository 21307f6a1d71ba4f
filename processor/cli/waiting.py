"""Wait for something to become true, showing on a terminal that we do."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from processor.cli.screen import neutral, note

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


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Show on a terminal what goes on and since when, gone again in the end; in a pipe nothing is said."""
    shown = Console(file=sys.stderr, highlight=False, markup=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=shown, transient=True, disable=not sys.stderr.isatty()) as progress:
        progress.add_task(neutral(what), total=None)
        yield


@contextmanager
def told_when_interrupted(sentence: str) -> Iterator[None]:
    """Say what holds all the same when Ctrl-C ends a command that has changed something already."""
    try:
        yield
    except KeyboardInterrupt:
        note(f"interrupted; {sentence}")
        raise
