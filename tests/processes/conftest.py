"""Programs to run, a place to run them in, and a way to wait for what they do."""

import os
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import psutil
import pytest

from processor.processes import ProcessResult, run_process


class Run(Protocol):
    """Runs Python source as a program; keyword arguments go to `run_process`."""

    def __call__(self, source: str, **options: object) -> ProcessResult: ...


@pytest.fixture
def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"]}


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    def run_source(source: str, **options: object) -> ProcessResult:
        program = tmp_path / "program.py"
        program.write_text(textwrap.dedent(source))
        defaults: dict[str, object] = {
            "cwd": tmp_path,
            "environment": environment,
            "timeout_seconds": 60,
            "stdout": tmp_path / "out",
        }
        return run_process([sys.executable, str(program)], **(defaults | options))  # type: ignore[arg-type]

    return run_source


#: Time limits in seconds to try, shortest first, where a program must get somewhere before its limit strikes.
GROWING_LIMITS = (1.0, 4.0, 16.0, 40.0)


@pytest.fixture
def alive_pids() -> Iterator[Callable[[Path], list[int]]]:
    """Give a function that reads process ids, one a line, and returns those alive; kills them after the test."""
    seen: set[int] = set()

    def read(path: Path) -> list[int]:
        pids = [int(line) for line in path.read_text().split()]
        assert pids, "the program wrote no process id"
        seen.update(pids)
        return [pid for pid in pids if is_alive(pid)]

    yield read
    for pid in seen:
        if is_alive(pid):
            psutil.Process(pid).kill()


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "the condition did not come true within 60 s"
            time.sleep(0.01)

    return wait
