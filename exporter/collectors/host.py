"""Show how the host does.

```
aip_host_memory_usage_ratio 0.42
aip_host_disk_usage_ratio{mountpoint="/"} 0.63
```
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import psutil
from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import HOST
from exporter.surroundings import Surroundings

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_host_cpu_usage_ratio",
        kind=Kind.GAUGE,
        help="Share of the CPU time of all cores that was used since the last look",
        example="avg_over_time(aip_host_cpu_usage_ratio[30m]) > 0.7",
    ),
    Family(
        name="aip_host_memory_usage_ratio",
        kind=Kind.GAUGE,
        help="Share of the memory that is not available to programs",
        example="aip_host_memory_usage_ratio > 0.8",
    ),
    Family(
        name="aip_host_load1",
        kind=Kind.GAUGE,
        help="Mean number of processes that ran or wanted to in the last minute",
        example="aip_host_load1",
    ),
    Family(
        name="aip_host_disk_usage_ratio",
        kind=Kind.GAUGE,
        labels=("mountpoint",),
        help="Share of a file system that is used, of what users without privileges can use",
        example="predict_linear(aip_host_disk_usage_ratio[6h], 86400) > 1",
    ),
)
#: CPU times are compared over no less: over a few milliseconds they say nothing.
_LEAST_SECONDS: Final = 1.0
#: The first look has nothing to compare with, and somebody waits for it.
_FIRST_SECONDS: Final = 0.2


class HostCollector:
    """Asks the operating system, of this host alone."""

    name = "host"
    summary = "CPU, memory, load and disks of this host"
    source = HOST
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        main = surroundings.settings.main
        named = [Path(path) for path in main.exporter.mountpoints]
        self._paths = [*named, main.state.directory, main.logs.directory]
        self._cpu_before = _cpu_seconds()
        self._looked_at = time.monotonic()
        self._cpu_ratio: float | None = None

    def collect(self) -> Iterable[Metric]:
        """Give the four families; a file system that is away has no sample."""
        cpu, memory, load, disk = FAMILIES
        yield cpu.with_value(self._cpu_usage())
        yield memory.with_value(_memory_usage())
        yield load.with_value(os.getloadavg()[0])
        mountpoints = sorted({found for path in self._paths if (found := _mountpoint(path)) is not None})
        yield disk.with_values(({"mountpoint": point}, _disk_usage(point)) for point in mountpoints)

    def _cpu_usage(self) -> float | None:
        """Compare with the last look; a look that is too early gets the last answer."""
        if self._cpu_ratio is None:
            time.sleep(max(0.0, self._looked_at + _FIRST_SECONDS - time.monotonic()))
        if self._cpu_ratio is None or time.monotonic() - self._looked_at >= _LEAST_SECONDS:
            idle_before, total_before = self._cpu_before
            idle, total = self._cpu_before = _cpu_seconds()
            self._looked_at = time.monotonic()
            if total > total_before:
                used = 1 - (idle - idle_before) / (total - total_before)
                self._cpu_ratio = min(1.0, max(0.0, used))
        return self._cpu_ratio


def _cpu_seconds() -> tuple[float, float]:
    """Give the seconds that all cores were idle since the start, and all their seconds."""
    times = psutil.cpu_times()
    # A guest's time is part of user's, so it would count twice.
    guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return times.idle + getattr(times, "iowait", 0.0), sum(times) - guests


def _memory_usage() -> float:
    memory = psutil.virtual_memory()
    return (memory.total - memory.available) / memory.total


def _disk_usage(mountpoint: str) -> float:
    # What is kept for the superuser is no room for us, as df counts it.
    disk = psutil.disk_usage(mountpoint)
    return disk.used / (disk.used + disk.free) if disk.used + disk.free else 0.0


def _mountpoint(path: Path) -> str | None:
    """Find the file system that a path is on, or will be on once it is made."""
    path = path.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    while not path.is_mount() and path != path.parent:
        path = path.parent
    return str(path) if path.exists() else None
