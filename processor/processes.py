"""Run one program in its own process group, bounded in time and output, and stop the whole group."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_POLL_SECONDS = 0.05
_TERM_GRACE_SECONDS = 2.0


class Ending(StrEnum):
    """Why the program is no longer running."""

    EXITED = "exited"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    OUTPUT_LIMIT = "output_limit"


@dataclass(frozen=True, kw_only=True)
class ProcessResult:
    """How a program ended. `exit_code` is negative for a signal, as in subprocess."""

    ending: Ending
    exit_code: int
    duration_seconds: float


def run_process(
    argv: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    timeout_seconds: float,
    stdout: Path,
    stderr: Path | None = None,
    stdin: Path | None = None,
    max_output_bytes: int = 50_000_000,
    should_stop: Callable[[], bool] = lambda: False,
    on_start: Callable[[int], None] = lambda _process_group: None,
) -> ProcessResult:
    """Run `argv` (never a shell) and wait; time-out, cancel and too much output kill the whole process group.

    Args:
        stdout: file that receives the output; `stderr` joins it when None.
        stdin: file to read from; /dev/null when None.
        should_stop: asked every 50 ms; True means cancel.
        on_start: told the process group id before anything else, so that a later start can end what a crash left.

    Raises:
        FileNotFoundError: the program does not exist.
    """
    started = time.monotonic()
    if shutil.which(argv[0], path=environment.get("PATH")) is None:
        raise FileNotFoundError(argv[0])
    with contextlib.ExitStack() as files:
        source = files.enter_context(stdin.open("rb")) if stdin else subprocess.DEVNULL
        out = files.enter_context(stdout.open("ab"))
        err = files.enter_context(stderr.open("ab")) if stderr else subprocess.STDOUT
        process = subprocess.Popen(
            [*_die_with_parent(), *argv],
            cwd=cwd,
            env=dict(environment),
            stdin=source,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        watched = [path for path in (stdout, stderr) if path is not None]
        try:
            on_start(process.pid)
            ending = _wait(process, started + timeout_seconds, should_stop, watched, max_output_bytes)
        finally:
            end_process_group(process.pid, process)
    return ProcessResult(ending=ending, exit_code=process.returncode, duration_seconds=time.monotonic() - started)


def _die_with_parent() -> list[str]:
    # A grandchild survives this after kill -9 of ours; the recorded process group ends it at the next start.
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []


def _wait(
    process: subprocess.Popen[bytes],
    deadline: float,
    should_stop: Callable[[], bool],
    watched: Sequence[Path],
    max_output_bytes: int,
) -> Ending:
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_POLL_SECONDS)
            return Ending.EXITED
        if time.monotonic() > deadline:
            return Ending.TIMED_OUT
        if should_stop():
            return Ending.CANCELLED
        if sum(path.stat().st_size for path in watched) > max_output_bytes:
            return Ending.OUTPUT_LIMIT


def end_process_group(process_group: int, leader: subprocess.Popen[bytes] | None = None) -> None:
    """Ask the group to end, kill what is left after 2 s, and reap the leader when it is our child."""
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        if not _group_exists(process_group):
            break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process_group, signal_number)
        _wait_for_group(process_group, leader)
    if leader is not None:
        leader.wait()


def _group_exists(process_group: int) -> bool:
    try:
        os.killpg(process_group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _wait_for_group(process_group: int, leader: subprocess.Popen[bytes] | None) -> None:
    deadline = time.monotonic() + _TERM_GRACE_SECONDS
    while time.monotonic() < deadline and _group_exists(process_group):
        if leader is not None:
            leader.poll()
        time.sleep(0.01)
