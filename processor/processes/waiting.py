"""Wait for a child to end without polling and without reaping it, so that its number stays ours meanwhile."""

import os
import select
import time

_FALLBACK_POLL_SECONDS = 0.005


def ends_within(child: int, seconds: float) -> bool:
    """Tell whether our child has ended, after at most `seconds`; it stays a zombie until the caller reaps it."""
    try:
        descriptor = os.pidfd_open(child)
    except OSError:
        return _polled(child, seconds)
    try:
        poller = select.poll()
        poller.register(descriptor, select.POLLIN)
        poller.poll(max(0.0, seconds) * 1000)
    finally:
        os.close(descriptor)
    return has_ended(child)


def has_ended(child: int) -> bool:
    """Tell whether our child has ended and waits to be reaped, or has been reaped already."""
    try:
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    except ChildProcessError:
        return True


def _polled(child: int, seconds: float) -> bool:
    # Some container run-times (gVisor) and kernels before 5.3 have no process descriptors.
    deadline = time.monotonic() + seconds
    while not has_ended(child):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_FALLBACK_POLL_SECONDS)
    return True
