"""Show when the alert drill last proved each alert.

```
aip_drill_last_success_timestamp_seconds{alert="AipHighErrorRate"} 1.7957e+09
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
        name="aip_drill_last_success_timestamp_seconds",
        kind=Kind.GAUGE,
        labels=("alert",),
        help="Time of the last drill that this alert passed; absent until it passed one",
        example="time() - aip_drill_last_success_timestamp_seconds > 90 * 86400",
    ),
)


class DrillsCollector:
    """Reads the drills of the ledger."""

    name = "drills"
    summary = "when each alert last passed its drill"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger

    def collect(self) -> Iterable[Metric]:
        """Give the one family."""
        passed = [drill for drill in self._ledger.snapshot().drills if drill.last_success_at is not None]
        yield FAMILIES[0].with_values(({"alert": drill.alert}, drill.last_success_at or 0.0) for drill in passed)
