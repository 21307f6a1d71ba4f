"""Show the reports that are made by the clock: when, and whether they reach people.

```
aip_report_made_timestamp_seconds{report="daily"} 1.7957e+09
aip_report_deliveries_total{channel="email",report="daily",result="delivered"} 17.0
aip_report_undelivered_since_timestamp_seconds{channel="email"} 1.7957e+09
```
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from exporter.totals import Domains, counter
from processor.ledger.queries import families
from processor.model import ReportChannel, ReportKind

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_report_made_timestamp_seconds",
        kind=Kind.GAUGE,
        labels=("report",),
        help="Time at which the newest daily or weekly report was made by the clock; absent until there is one",
        example='time() - aip_report_made_timestamp_seconds{report="daily"} > 2 * 86400',
    ),
    Family(
        name=families.REPORT_DELIVERIES,
        kind=Kind.COUNTER,
        labels=("report", "channel", "result"),
        help="Tries to send a report: delivered, failed and tried again later, or given up after three days",
        example='increase(aip_report_deliveries_total{result="given_up"}[7d]) > 0',
    ),
    Family(
        name="aip_report_undelivered_since_timestamp_seconds",
        kind=Kind.GAUGE,
        labels=("channel",),
        help="Time since which the oldest report waits to be delivered on a channel; absent when none waits",
        example="time() - aip_report_undelivered_since_timestamp_seconds > 3600",
    ),
)
_DOMAINS: Final = Domains(
    {"report": list(ReportKind), "channel": list(ReportChannel), "result": families.DELIVERY_RESULTS}
)


class DeliveriesCollector:
    """Reads them of the ledger."""

    name = "deliveries"
    summary = "reports made by the clock, and whether they reach people"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger

    def collect(self) -> Iterable[Metric]:
        """Give the three families."""
        made, deliveries, undelivered = FAMILIES
        found = self._ledger.snapshot()
        yield made.with_values(({"report": kind}, at) for kind, at in found.reports_made_at.items())
        yield counter(deliveries, found.totals.get(deliveries.name, ()), _DOMAINS, found.born_at)
        yield undelivered.with_values(({"channel": name}, since) for name, since in found.undelivered_since.items())
