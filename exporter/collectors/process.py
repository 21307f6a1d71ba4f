"""Show the exporter's own process: CPU, memory, open files, garbage collection; the client library's families.

```
process_resident_memory_bytes 6.1e+07
python_gc_collections_total{generation="0"} 120.0
```
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import Metric

from exporter.family import Family
from exporter.sources import OURSELVES
from exporter.surroundings import Surroundings

FAMILIES: Final[tuple[Family, ...]] = ()


class ProcessCollectors:
    """Asks the collectors of the client library."""

    name = "process"
    summary = "this process: process_*, python_*"
    source = OURSELVES
    families = FAMILIES

    def __init__(self, _surroundings: Surroundings) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)

    def collect(self) -> Iterable[Metric]:
        """Give the library's families."""
        return self._registry.collect()
