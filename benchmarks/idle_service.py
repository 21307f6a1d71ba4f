"""What a service costs that has nothing to do: CPU share and resident memory, fresh and after work.

Its settings are those that it has by default but for the level of capacity, so every loop and duty of it turns at its
usual pace; the load of the host is read as often as with the automatic level.
"""

import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks import sample_repository
from benchmarks.figure import Figure, once
from benchmarks.forge_process import forge_process
from benchmarks.installation import Installation
from benchmarks.scale import Scale

_CPU_TARGET_PERCENT = 2.0
_MEMORY_TARGET_MB = 150.0


def measure(scale: Scale) -> Iterable[Figure]:
    """Watch a new service for each number of issues processed before."""
    with TemporaryDirectory(prefix="aip-bench-") as root, forge_process(Path(root) / "forge") as forge:
        for issues in scale.idle_after:
            when = f"idle, {issues or 'no'} issue{'' if issues == 1 else 's'} processed before"
            name = f"octo/idle-{issues}"
            sample_repository.create(forge, name, issues)
            numbers = [sample_repository.open_issue(forge, name, module) for module in range(issues)]
            installation = Installation(Path(root) / str(issues), forge, name)
            with installation.service() as service:
                installation.wait_for_runs(service, numbers)
                time.sleep(scale.settle_seconds)
                yield from _watch(psutil.Process(service.pid), when, scale.watch_seconds)


def _watch(process: psutil.Process, when: str, seconds: float) -> Iterable[Figure]:
    before, started = _cpu_seconds(process), time.monotonic()
    time.sleep(seconds)
    percent = 100 * (_cpu_seconds(process) - before) / (time.monotonic() - started)
    memory = process.memory_info().rss / 1_000_000
    yield once(f"{when}: CPU share of one core", percent, "%", most=_CPU_TARGET_PERCENT, is_strict=True)
    yield once(f"{when}: resident memory", memory, "MB", most=_MEMORY_TARGET_MB, is_strict=True)


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)
