"""Run the collectors within a time limit; one that fails or is slow shows its last values and says so.

```
aip_exporter_collector_success{collector="runs"} 1.0
aip_exporter_collector_duration_seconds{collector="runs"} 0.004
```
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from prometheus_client.core import Metric

from exporter.catalogue import Collector
from exporter.family import Family, Kind
from exporter.watched import Shared, Standing, WatchedSource

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


class Scraper:
    """Gives everything that is exposed. Safe to use from several threads."""

    def __init__(
        self,
        collectors: Sequence[Collector],
        limit_seconds: float,
        clock: Callable[[], float],
        shared: Mapping[str, Shared] = MappingProxyType({}),
    ) -> None:
        """Start a thread for each source; `shared` is what the collectors of a source read together."""
        self._limit = limit_seconds
        self._names = tuple(collector.name for collector in collectors)
        by_source: defaultdict[str, list[Collector]] = defaultdict(list)
        for collector in collectors:
            by_source[collector.source].append(collector)
        self._sources = tuple(WatchedSource(some, clock, shared.get(source)) for source, some in by_source.items())

    def scrape(self, limit_seconds: float | None = None) -> tuple[Metric, ...]:
        """Run every collector; the answer comes within our limit, or the scraper's own if that is less."""
        limit = self._limit if limit_seconds is None else min(self._limit, limit_seconds)
        deadline = time.monotonic() + limit
        begun = [(source, source.begin()) for source in self._sources]
        # A round that an earlier scrape gave up is not waited for again: it is looked at, no more.
        results = {
            name: found
            for source, call in begun
            for name, found in source.results(call, min(deadline, call.started + limit)).items()
        }
        metrics = [metric for name in self._names for metric in results[name][0]]
        return (*metrics, *_about([results[name][1] for name in self._names]))

    def close(self) -> None:
        """End the threads; nothing is scraped afterwards."""
        for source in self._sources:
            source.close()

    def standings(self) -> tuple[Standing, ...]:
        """Tell how each collector did when it was asked last."""
        known = {name: standing for source in self._sources for name, standing in source.standings().items()}
        return tuple(known[name] for name in self._names)


def _about(standings: Sequence[Standing]) -> tuple[Metric, ...]:
    success, duration = FAMILIES
    return (
        success.with_values(({"collector": one.name}, float(one.is_fresh)) for one in standings),
        duration.with_values(({"collector": one.name}, one.duration_seconds) for one in standings),
    )
