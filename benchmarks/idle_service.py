"""What a service costs that has nothing to do: CPU share and resident memory, fresh and after one issue."""

import time
from collections.abc import Iterable

import psutil

from benchmarks.figure import Figure
from benchmarks.scene import open_issues, scene
from processor.model import IssueRef
from tests.acceptance.system import REPOSITORY, wait_until

_WATCH_SECONDS = 30.0
_SETTLE_SECONDS = 5.0
_CPU_TARGET = 0.02
_MEMORY_TARGET_MB = 150.0


def measure() -> Iterable[Figure]:
    """Watch a service with the settings that it has by default."""
    with scene(modules=1) as system:
        service = system.start()
        wait_until(lambda: "service.started" in system.log(), "the service")
        yield from _watch(psutil.Process(service.pid), "idle, nothing processed yet")
        (number,) = open_issues(system, range(1))
        done = system.aip("once", f"{REPOSITORY}#{number}")
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        system.wait_for_outcome(IssueRef(REPOSITORY, number))
        yield from _watch(psutil.Process(service.pid), "idle, after one issue")
        system.stop(service)


def _watch(process: psutil.Process, when: str) -> Iterable[Figure]:
    time.sleep(_SETTLE_SECONDS)
    before, started = _cpu_seconds(process), time.monotonic()
    time.sleep(_WATCH_SECONDS)
    share = (_cpu_seconds(process) - before) / (time.monotonic() - started)
    memory = process.memory_info().rss / 1_000_000
    yield Figure(f"{when}: CPU share of one core", f"{100 * share:.1f} %", "< 2 %", share < _CPU_TARGET)
    yield Figure(f"{when}: resident memory", f"{memory:.0f} MB", "< 150 MB", memory < _MEMORY_TARGET_MB)


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
