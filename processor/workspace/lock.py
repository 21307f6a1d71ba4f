"""Let one thread or process at a time change a mirror."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from processor.errors import RunCancelled, WorkspaceError

_POLL_SECONDS = 0.02
STOPPED = "git was stopped because its run was cancelled or the service is stopping"


@contextlib.contextmanager
def hold(path: Path, *, timeout_seconds: float, should_stop: Callable[[], bool] = lambda: False) -> Iterator[int]:
    """Hold the lock file `path` and give its descriptor; the system frees it when the holder dies.

    A child that inherits the descriptor keeps the lock while it lives, so a git that outlives a killed service still
    has the mirror to itself.

    Raises:
        WorkspaceError: another holder kept it longer than `timeout_seconds`.
        RunCancelled: `should_stop` said so while we waited.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(descriptor, path, timeout_seconds, should_stop)
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, timeout_seconds: float, should_stop: Callable[[], bool]) -> None:
    deadline = time.monotonic() + timeout_seconds
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        if time.monotonic() >= deadline:
            raise WorkspaceError(
                f"{path.name} was held by another process for {timeout_seconds:g} s; "
                f"see which git command hangs with: fuser -v {path}"
            )
        if should_stop():
            raise RunCancelled(STOPPED)
        time.sleep(_POLL_SECONDS)
