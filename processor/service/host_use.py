"""Read what this host and this process carry, for `/api/metrics`."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from processor.api.views import HostUse
from processor.operations.load_reading import LoadReader

_FRESH_SECONDS = 1.0


class HostUseReader:
    """Answers with a reading that is at most a second old: between two that come at once nothing could be measured."""

    def __init__(self, folders: Iterable[Path], steady: Callable[[], float] = time.monotonic) -> None:
        self._load = LoadReader(folders)
        self._process = psutil.Process()
        self._process.cpu_percent()  # what is asked later is measured from here
        self._steady = steady
        self._lock = threading.Lock()
        self._last: tuple[float, HostUse] | None = None

    def read(self) -> HostUse:
        """Read everything, in percent."""
        with self._lock:
            now = self._steady()
            if self._last is None or now - self._last[0] >= _FRESH_SECONDS:
                self._last = (now, self._measure())
            return self._last[1]

    def _measure(self) -> HostUse:
        load = self._load.read()
        return HostUse(
            cpu_percent=_percent(load.cpu_ratio),
            memory_percent=round(psutil.virtual_memory().percent, 1),
            disk_usage=_percent(load.disk_ratio),
            load_average=round(psutil.getloadavg()[0], 2),
            pid=self._process.pid,
            process_cpu_percent=self._process.cpu_percent(),
            process_memory_percent=round(self._process.memory_percent(), 2),
        )


def _percent(ratio: float | None) -> float | None:
    return None if ratio is None else round(100 * ratio, 1)
