"""Show how large the ledger is.

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
)


class LedgerCollector:
    """Shows the size that the database itself tells."""

    name = "ledger"
    summary = "size of the ledger"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger

    def collect(self) -> Iterable[Metric]:
        """Give the one family."""
        yield FAMILIES[0].with_value(self._ledger.snapshot().size_bytes)
