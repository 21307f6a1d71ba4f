"""Show the incidents of the last closed day and week: alerts that began to fire, as Alertmanager told the processor.

```
aip_report_incidents{period="week",severity="high"} 3.0
aip_report_alert_incidents{alert="AipHighErrorRate",period="week"} 2.0
```
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.per_period import SETTLING_SECONDS, PerPeriod
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from exporter.totals import OTHER, Domains, gauge
from processor.ledger.queries import incidents_between
from processor.model import closed_days, closed_weeks

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_report_incidents",
        kind=Kind.GAUGE,
        labels=("period", "severity"),
        help="Alerts that began to fire in the last closed day or week, each time they did",
        example='sum(aip_report_incidents{period="week", severity=~"critical|high"})',
    ),
    Family(
        name="aip_report_alert_incidents",
        kind=Kind.GAUGE,
        labels=("period", "alert"),
        help="The same by alert: the ten most frequent of each period, the rest as other",
        example='topk(3, aip_report_alert_incidents{period="week"})',
    ),
)
#: The severities of our rules.
SEVERITIES: Final = ("critical", "high", "medium", "low")
_PERIODS: Final = ("day", "week")
_DOMAINS: Final = Domains({"period": _PERIODS, "severity": SEVERITIES})
_MOST_ALERTS: Final = 10
#: Alertmanager waits before it tells, and tells again when nobody listened.
_KEPT_SECONDS: Final = 60.0


class IncidentsCollector:
    """Counts them anew once a minute."""

    name = "incidents"
    summary = "alerts of the last closed day and week"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._clock = surroundings.clock
        self._zone = ZoneInfo(surroundings.settings.main.timezone)
        self._incidents: PerPeriod[dict[tuple[str, str], int]] = PerPeriod(
            surroundings, incidents_between, {}, _KEPT_SECONDS
        )

    def collect(self) -> Iterable[Metric]:
        """Give both families; an alert without an incident is left out."""
        now = self._clock() - SETTLING_SECONDS
        periods = (*closed_days(now, self._zone, 1), *closed_weeks(now, self._zone, 1))
        found = dict(zip(_PERIODS, self._incidents.of(periods), strict=True))
        by_severity, by_alert = FAMILIES
        severities: Counter[tuple[str, ...]] = Counter()
        for period, counts in found.items():
            for (_, severity), count in counts.items():
                severities[period, severity] += count
        yield gauge(by_severity, severities, _DOMAINS)
        yield by_alert.with_values(
            ({"period": period, "alert": alert}, count)
            for period, counts in found.items()
            for alert, count in _most_frequent(counts).items()
        )


def _most_frequent(counts: Mapping[tuple[str, str], int]) -> Mapping[str, int]:
    by_alert: Counter[str] = Counter()
    for (alert, _), count in counts.items():
        by_alert[alert] += count
    ranked = sorted(by_alert.items(), key=lambda one: (-one[1], one[0]))
    rest = sum(count for _, count in ranked[_MOST_ALERTS:])
    return dict(ranked[:_MOST_ALERTS]) | ({OTHER: rest} if rest else {})
