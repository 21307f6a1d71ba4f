"""Read what this host carries: processors, memory, load and disks."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from processor.operations.load_level import LoadReading

_CPU_WINDOW_SECONDS = 60.0
#: For who decides, or keeps, what a reading says.
MEANINGFUL_SECONDS = 30.0


class LoadReader:
    """Reads the load; the use of the processors is that of the last minute, or since this was made.

    Args:
        shortest_seconds: over less than this the use of the processors is not told: a moment says nothing of a host,
            and the first moments of a service are its own start.
        steady: a clock that nobody sets.
    """

    def __init__(
        self, folders: Iterable[Path], *, shortest_seconds: float = 0.0, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._folders = tuple(folders)
        self._shortest_seconds = shortest_seconds
        self._steady = steady
        self._samples: deque[tuple[float, float, float]] = deque()
        self._sample()

    def read(self) -> LoadReading:
        """Read everything that can be read now."""
        self._sample()
        return LoadReading(
            cpu_ratio=self._cpu_ratio(),
            memory_ratio=psutil.virtual_memory().percent / 100,
            load_per_core=psutil.getloadavg()[0] / (psutil.cpu_count() or 1),
            disk_ratio=max((use for folder in self._folders if (use := _disk_ratio(folder)) is not None), default=None),
        )

    def _sample(self) -> None:
        times = psutil.cpu_times()
        # Linux counts the time of guests a second time under user and nice.
        total = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
        idle = times.idle + getattr(times, "iowait", 0.0)
        now = self._steady()
        self._samples.append((now, total - idle, total))
        while len(self._samples) > 2 and self._samples[1][0] <= now - _CPU_WINDOW_SECONDS:
            self._samples.popleft()

    def _cpu_ratio(self) -> float | None:
        (then, busy_then, total_then), (now, busy_now, total_now) = self._samples[0], self._samples[-1]
        if now - then < self._shortest_seconds:
            return None
        passed = total_now - total_then
        return min(1.0, max(0.0, (busy_now - busy_then) / passed)) if passed > 0 else None


def _disk_ratio(folder: Path) -> float | None:
    try:
        return psutil.disk_usage(str(folder)).percent / 100
    except OSError:
        return None  # not made yet, or gone; the other readings decide
