"""Run the collectors side by side within a time limit; one that fails or is slow shows its last value and says so.

```
aip_exporter_collector_success{collector="runs"} 1.0
aip_exporter_collector_duration_seconds{collector="runs"} 0.004
```
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from prometheus_client.core import Metric

from exporter.catalogue import Collector
from exporter.family import Family, Kind
from processor import logs
from processor.errors import LedgerError

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_exporter_collector_success",
        kind=Kind.GAUGE,
        labels=("collector",),
        help="1 when the values are of this scrape, 0 when the collector failed or is late and its last ones are shown",
        example="aip_exporter_collector_success == 0",
    ),
    Family(
        name="aip_exporter_collector_duration_seconds",
        kind=Kind.GAUGE,
        labels=("collector",),
        help="Time that the collector took, or has taken so far",
        example="max by (collector) (aip_exporter_collector_duration_seconds)",
    ),
)
_LOG = logs.get_logger("exporter")


@dataclass(frozen=True)
class Standing:
    """How a collector does; `is_fresh` when its values are current, `last_success_at` in seconds of the epoch."""

    name: str
    is_fresh: bool
    duration_seconds: float
    last_success_at: float | None
    problem: str | None


@dataclass
class _Refresh:
    """One call of a collector, in a thread of its own."""

    started: float
    done: threading.Event = field(default_factory=threading.Event)
    metrics: tuple[Metric, ...] = ()
    error: Exception | None = None
    duration: float = 0.0


class _Watched:
    """A collector with its last value. Scrapers that come while it works wait for the same call."""

    def __init__(self, collector: Collector, clock: Callable[[], float]) -> None:
        self._collector = collector
        self._clock = clock
        self._lock = threading.Lock()
        self._current: _Refresh | None = None
        self._last: tuple[Metric, ...] = ()
        self._last_success_at: float | None = None
        self._problem: str | None = None

    def begin(self) -> _Refresh:
        """Start a call, or join the one that is under way."""
        with self._lock:
            if self._current is None or self._current.done.is_set():
                self._current = _Refresh(time.monotonic())
                name = f"collector-{self._collector.name}"
                threading.Thread(target=self._run, args=(self._current,), name=name, daemon=True).start()
            return self._current

    def result(self, refresh: _Refresh, deadline: float) -> tuple[tuple[Metric, ...], Standing]:
        """Give the values of the call, else the last ones."""
        in_time = refresh.done.wait(max(0.0, deadline - time.monotonic()))
        with self._lock:
            if in_time and refresh.error is None:
                self._note(None)
                return refresh.metrics, self._standing(refresh, is_fresh=True)
            if not in_time:
                self._note("it is not done within the limit of a scrape")
            return self._last, self._standing(refresh, is_fresh=False)

    def standing(self) -> Standing:
        """Tell how the last call went."""
        with self._lock:
            current = self._current or _Refresh(time.monotonic())
            is_fresh = self._problem is None and self._last_success_at is not None
            return self._standing(current, is_fresh=is_fresh)

    def _run(self, refresh: _Refresh) -> None:
        try:
            refresh.metrics = tuple(self._collector.collect())
        except Exception as exc:  # noqa: BLE001  # one of the two places: whatever a collector does, a scrape goes on
            refresh.error = exc
        refresh.duration = time.monotonic() - refresh.started
        with self._lock:
            if refresh.error is None:
                self._last, self._last_success_at = refresh.metrics, self._clock()
            else:
                self._note(_told(refresh.error), refresh.error)
        refresh.done.set()

    def _note(self, problem: str | None, error: Exception | None = None) -> None:
        """Log what changed, once; that the ledger cannot be read is told by its reader already."""
        if problem == self._problem:
            return
        had_problem, self._problem = self._problem is not None, problem
        name = self._collector.name
        if problem is None:
            _LOG.info(logs.COLLECTOR_RECOVERED, collector=name)
        elif error is None:
            _LOG.warning(logs.COLLECTOR_DELAYED, collector=name, had_problem=had_problem)
        elif not isinstance(error, LedgerError):
            _LOG.error(logs.COLLECTOR_FAILED, collector=name, message=problem)

    def _standing(self, refresh: _Refresh, *, is_fresh: bool) -> Standing:
        duration = refresh.duration if refresh.done.is_set() else time.monotonic() - refresh.started
        return Standing(self._collector.name, is_fresh, duration, self._last_success_at, self._problem)


class Scraper:
    """Gives everything that is exposed. Safe to use from several threads."""

    def __init__(self, collectors: Sequence[Collector], limit_seconds: float, clock: Callable[[], float]) -> None:
        self._limit = limit_seconds
        self._watched = tuple(_Watched(collector, clock) for collector in collectors)

    def scrape(self, limit_seconds: float | None = None) -> tuple[Metric, ...]:
        """Run every collector; the answer comes within our limit, or the scraper's own if that is less."""
        limit = self._limit if limit_seconds is None else min(self._limit, limit_seconds)
        deadline = time.monotonic() + limit
        begun = [(watched, watched.begin()) for watched in self._watched]
        metrics: list[Metric] = []
        standings: list[Standing] = []
        for watched, refresh in begun:
            found, standing = watched.result(refresh, deadline)
            metrics += found
            standings.append(standing)
        return (*metrics, *_about(standings))

    def standings(self) -> tuple[Standing, ...]:
        """Tell how each collector did, for the index page."""
        return tuple(watched.standing() for watched in self._watched)


def _about(standings: Sequence[Standing]) -> tuple[Metric, ...]:
    success, duration = FAMILIES
    return (
        success.with_values(({"collector": one.name}, float(one.is_fresh)) for one in standings),
        duration.with_values(({"collector": one.name}, one.duration_seconds) for one in standings),
    )


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, LedgerError) else f"{type(error).__name__}: {error}"
