"""End a program and everything it started: ask first, kill what is left after 2 s, leave no zombie."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence

import psutil

from processor.processes.survivors import in_group, marked_with, with_descendants
from processor.processes.waiting import has_ended

_TERM_GRACE_SECONDS = 2.0
_KILL_SECONDS = 5.0
_POLL_SECONDS = 0.01

#: Finds what is alive now of the things to end.
Find = Callable[[], Sequence[psutil.Process]]


def end_program(leader: subprocess.Popen[bytes], marker: str | None) -> None:
    """End what is left of a program we started, and reap it; costs two system calls when nothing is left.

    Args:
        leader: started with `start_new_session`, so that its number is its group's, and not reaped yet.
        marker: `NAME=VALUE` that only this program's environment holds; finds what has left the group. None when the
            program carries none.
    """
    group = leader.pid
    escaped: Sequence[psutil.Process] = ()
    if not has_ended(leader.pid):
        escaped = with_descendants([psutil.Process(leader.pid)])
    # The leader is not reaped yet, so the number cannot have passed to a stranger's group.
    _signal_group(group, signal.SIGTERM)
    if has_ended(leader.pid):
        leader.wait()

    def find() -> Sequence[psutil.Process]:
        leader.poll()
        marked = marked_with(marker) if marker else []
        return with_descendants([*in_group(group), *marked, *_alive(escaped)])

    seen = {process.pid for process in escaped}
    if leader.returncode is None or escaped or marker or _group_exists(group):
        seen |= _end(find, group)
    with contextlib.suppress(subprocess.TimeoutExpired):
        leader.wait(_KILL_SECONDS)  # only a process stuck in the kernel outlasts SIGKILL
    _reap_adopted(group, seen - {group})


def end_process_group(process_group: int) -> None:
    """End a group that an earlier start left; the caller has made sure that it is still ours."""
    _end(lambda: with_descendants(in_group(process_group)), process_group)


def end_all(find: Find) -> int:
    """End whatever `find` names, until it names nothing more; return how many there were in all."""
    return len(_end(find, None))


def _end(find: Find, group: int | None) -> set[int]:
    left = find()
    seen = {process.pid for process in left}
    _signal(left, signal.SIGTERM)
    deadline = time.monotonic() + _TERM_GRACE_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        left = find()
    deadline = time.monotonic() + _KILL_SECONDS
    while left and time.monotonic() < deadline:
        seen |= {process.pid for process in left}
        if group is not None and any(_group_of(process) == group for process in left):
            _signal_group(group, signal.SIGKILL)  # at once, so that none of them can start another
        _signal(left, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)
        left = find()
    return seen


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):  # psutil refuses when the number is another process by now
            process.send_signal(number)


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _group_of(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return None


def _alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running()]


def _reap_adopted(group: int, ended: Iterable[int]) -> None:
    # As process 1 of a container we inherit orphans, and nobody else would reap them.
    for target in (-group, *ended):
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(target, os.WNOHANG) != (0, 0):
                pass
