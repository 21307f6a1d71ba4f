"""Run one program in its own process group, bounded in time and output, and end everything it started."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from processor.processes.ending import end_program
from processor.processes.leftovers import RUN_VARIABLE
from processor.processes.output import Output, Streams, open_streams
from processor.processes.sandbox import Sandbox, in_sandbox
from processor.processes.waiting import ends_within

_POLL_SECONDS = 0.05
_STOP_POLL_SECONDS = 0.2
_PROCESS_VARIABLE = "AIP_PROCESS_ID"


class Ending(StrEnum):
    """Why the program is no longer running."""

    EXITED = "exited"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    OUTPUT_LIMIT = "output_limit"


@dataclass(frozen=True, kw_only=True)
class ProcessResult:
    """How a program ended. `exit_code` is negative for a signal, as in subprocess; in a sandbox 128 + the signal."""

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
    sandbox: Sandbox | None = None,
) -> ProcessResult:
    """Run `argv` (never a shell) and wait; however it ends, nothing that it started lives on.

    That is its process group, its descendants in other groups, and, when `environment` holds AIP_RUN_ID, whatever
    carries this program's mark. They get SIGTERM, and SIGKILL after 2 s.

    Args:
        environment: all the program sees; its PATH is where the program is looked for.
        stdout: file to append the output to; `stderr` joins it when None.
        stdin: file to read from; /dev/null when None.
        max_output_bytes: most this program may add to both files together; they are cut there.
        should_stop: asked every 0.2 s; True means cancel.
        on_start: told the process group id at once, so that a later start can end what a crash left.
        sandbox: what the program may reach; all that this user may when None.

    Raises:
        FileNotFoundError: the program does not exist or may not be executed.
        ResourceError: the sandbox is demanded and does not work here.
        OSError: a file cannot be opened or a process cannot be made.
    """
    started = time.monotonic()
    command = _command(argv, cwd, environment, sandbox)
    marker = f"{_PROCESS_VARIABLE}={secrets.token_hex(8)}" if RUN_VARIABLE in environment else None
    with open_streams(stdin, stdout, stderr) as streams:
        output = Output(streams, max_output_bytes)
        process = _start(command, cwd, _marked(environment, marker), streams)
        try:
            on_start(process.pid)
            ending = _wait(process.pid, started + timeout_seconds, should_stop, output)
        finally:
            end_program(process, marker)
            output.cut()
    exit_code = -signal.SIGKILL if process.returncode is None else process.returncode
    return ProcessResult(ending=ending, exit_code=exit_code, duration_seconds=time.monotonic() - started)


def find_program(name: str, environment: Mapping[str, str], cwd: Path) -> str | None:
    """Find a program as `run_process` does: on the environment's PATH, or relative to `cwd` when it has a slash."""
    if "/" in name:
        return shutil.which(str(cwd / name))
    return shutil.which(name, path=environment.get("PATH", os.defpath))


def _marked(environment: Mapping[str, str], marker: str | None) -> dict[str, str]:
    if marker is None:
        return dict(environment)
    name, _, value = marker.partition("=")
    return {**environment, name: value}


def _command(argv: Sequence[str], cwd: Path, environment: Mapping[str, str], sandbox: Sandbox | None) -> list[str]:
    program = find_program(argv[0], environment, cwd)
    if program is None:
        raise FileNotFoundError(argv[0])
    command = [program, *argv[1:]]
    return [*_die_with_parent(), *(command if sandbox is None else in_sandbox(command, cwd, sandbox))]


def _start(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], streams: Streams
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=streams.stdin or subprocess.DEVNULL,
        stdout=streams.stdout,
        stderr=streams.stderr or subprocess.STDOUT,
        start_new_session=True,
    )


def _die_with_parent() -> list[str]:
    # A grandchild survives this after kill -9 of ours; the recorded process group ends it at the next start.
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _wait(child: int, deadline: float, should_stop: Callable[[], bool], output: Output) -> Ending:
    ask_at = time.monotonic()
    while not ends_within(child, min(_POLL_SECONDS, deadline - time.monotonic())):
        now = time.monotonic()
        if output.is_too_much():
            break
        if now >= deadline:
            return Ending.TIMED_OUT
        if now >= ask_at:
            if should_stop():
                return Ending.CANCELLED
            ask_at = now + _STOP_POLL_SECONDS
    return Ending.OUTPUT_LIMIT if output.is_too_much() else Ending.EXITED
