"""The product's programs, forked from one process that has imported them.

Importing is most of what a start costs. The commands, the signals, the exit codes and the files are the same; what a
test has to say about the installed program itself, it says of the installed program.
"""

import contextlib
import gc
import multiprocessing
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import processor.cli
from processor.cli.main import main

_COMMANDS = [module.name for module in pkgutil.walk_packages(processor.cli.__path__, "processor.cli.")]
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["__main__", *_COMMANDS])


@dataclass(frozen=True)
class Forked:
    """A process that runs `aip`; it is used as a `subprocess.Popen` is."""

    process: ForkServerProcess

    @property
    def pid(self) -> int:
        """Name the process."""
        return self.process.pid or 0

    @property
    def returncode(self) -> int | None:
        """Tell the exit code, or minus the number of the signal that ended it; None while it runs."""
        return self.process.exitcode

    def poll(self) -> int | None:
        """Look whether it has ended."""
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; TimeoutExpired when that takes too long."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired(self.process.name, timeout or 0)
        return self.process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Signal it, unless it has ended."""
        if self.process.exitcode is None:
            with contextlib.suppress(ProcessLookupError):  # at this moment
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def start_aip(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdout: Path, stderr: Path | None = None
) -> Forked:
    """Start `aip`, whose output goes to the end of a file; without one for stderr, both go to the same."""
    stdout.touch()  # a reader need not wait for the process
    line = (list(arguments), cwd, dict(env), stdout, stderr)
    process = _SERVER.Process(target=_become_aip, args=line, name=" ".join(("aip", *arguments)), daemon=True)
    process.start()
    return Forked(process)


def run_aip(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run `aip` to its end and give what it said."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = start_aip(arguments, cwd=cwd, env=env, stdout=out, stderr=err)
        try:
            code = process.wait(timeout)
        finally:
            process.kill()
        return subprocess.CompletedProcess(["aip", *arguments], code, out.read_text(), err.read_text())


def _become_aip(
    arguments: list[str], cwd: Path, environment: dict[str, str], stdout: Path, stderr: Path | None
) -> None:
    gc.freeze()  # what was imported is garbage in no process, and looking at it would copy its memory
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    _write_to(stdout, 1)
    _write_to(stderr, 2) if stderr else os.dup2(1, 2)
    sys.argv = ["aip", *arguments]
    warnings.simplefilter("default")
    sys.exit(main())


def _write_to(path: Path, descriptor: int) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(opened, descriptor)
    os.close(opened)
