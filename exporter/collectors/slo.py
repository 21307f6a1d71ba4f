"""Show the objectives of the settings, so that rules and dashboards read them from one place.

```
aip_slo_objective_ratio{slo="success"} 0.85
aip_slo_latency_threshold_seconds 300.0
```
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import OURSELVES
from exporter.surroundings import Surroundings

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_slo_objective_ratio",
        kind=Kind.GAUGE,
        labels=("slo",),
        help="Share of good events that is promised, by objective",
        example='1 - aip_slo_objective_ratio{slo="success"}',
    ),
    Family(
        name="aip_slo_latency_threshold_seconds",
        kind=Kind.GAUGE,
        help="An issue that takes longer from discovery to outcome counts against the objective latency",
        example="aip_slo_latency_threshold_seconds",
    ),
)


class SloCollector:
    """Knows the settings."""

    name = "slo"
    summary = "service level objectives of the settings"
    source = OURSELVES
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        slo = surroundings.settings.main.slo
        objective, threshold = FAMILIES
        ratios = [({"slo": "success"}, slo.success_ratio), ({"slo": "latency"}, slo.latency_ratio)]
        self._metrics = (objective.with_values(ratios), threshold.with_value(slo.latency_threshold_seconds))

    def collect(self) -> Iterable[Metric]:
        """Give the two families."""
        return self._metrics
