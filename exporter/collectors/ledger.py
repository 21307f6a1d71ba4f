"""Show how large the ledger is, since when it counts, and when its totals moved by something else than work.

```
aip_ledger_size_bytes 4.1e+06
```
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_ledger_size_bytes",
        kind=Kind.GAUGE,
        help="Size of the ledger: its file on SQLite, its tables and indexes on PostgreSQL; absent before there is one",
        example="aip_ledger_size_bytes - aip_ledger_size_bytes offset 1d",
    ),
    Family(
        name="aip_ledger_created_timestamp_seconds",
        kind=Kind.GAUGE,
        help="Time since which the ledger counts: when it was made, or restored; absent before there is one",
        example="time() - aip_ledger_created_timestamp_seconds",
    ),
    Family(
        name="aip_ledger_totals_moved_timestamp_seconds",
        kind=Kind.GAUGE,
        help="When a restore or an import last changed totals; differences over it mean nothing; absent when never",
        example="time() - aip_ledger_totals_moved_timestamp_seconds < 10800",
    ),
)


class LedgerCollector:
    """Shows what the ledger tells of itself."""

    name = "ledger"
    summary = "size and age of the ledger"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger

    def collect(self) -> Iterable[Metric]:
        """Give the three families."""
        snapshot = self._ledger.snapshot()
        size, created, moved = FAMILIES
        yield size.with_value(snapshot.size_bytes)
        yield created.with_value(snapshot.born_at)
        yield moved.with_value(snapshot.totals_moved_at)
