"""Show how the rounds of the canary ended; nothing while it is off.

```
aip_canary_runs_total{result="success"} 240.0
aip_canary_consecutive_failures 0.0
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
from processor.model import CanaryResult

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name=families.CANARY_RUNS,
        kind=Kind.COUNTER,
        labels=("result",),
        help="Rounds of the canary that ended: success, failed, timeout, or held (no verdict); absent while it is off",
        example="aip_canary_runs_total - aip_canary_runs_total offset 1d",
    ),
    Family(
        name=families.CANARY_COST,
        kind=Kind.COUNTER,
        labels=("agent",),
        help="What agents reported to have cost in rounds of the canary, in dollars; in no other cost",
        example="sum(aip_canary_cost_dollars_total - aip_canary_cost_dollars_total offset 30d)",
    ),
    Family(
        name="aip_canary_consecutive_failures",
        kind=Kind.GAUGE,
        help="Rounds that failed or timed out since the last success, those without a verdict left out; at most 1000",
        example="aip_canary_consecutive_failures >= 2",
    ),
    Family(
        name="aip_canary_last_success_timestamp_seconds",
        kind=Kind.GAUGE,
        help="Time of the last round that ended in success; absent until there is one, and while it is off",
        example="time() - aip_canary_last_success_timestamp_seconds",
    ),
    Family(
        name="aip_canary_last_end_timestamp_seconds",
        kind=Kind.GAUGE,
        help="Time at which the last round ended, whatever its result; absent until one did, and while it is off",
        example="time() - aip_canary_last_end_timestamp_seconds > 2 * 3600",
    ),
)


class CanaryCollector:
    """Reads them of the ledger."""

    name = "canary"
    summary = "how the rounds of the canary ended"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger
        main = surroundings.settings.main
        self._is_on = main.canary.repository is not None and main.canary.enabled
        agent = main.canary.agent or main.default_agent
        self._results = Domains({"result": list(CanaryResult)})
        self._agents = Domains(open_={"agent": [agent] if agent else []})

    def collect(self) -> Iterable[Metric]:
        """Give the five families."""
        runs, cost, consecutive, last_success, last_end = FAMILIES
        found = self._ledger.snapshot()
        if not self._is_on or found.born_at is None:
            yield from (family.metric() for family in FAMILIES)
            return
        yield counter(runs, found.totals.get(runs.name, ()), self._results, found.born_at)
        yield counter(cost, found.totals.get(cost.name, ()), self._agents, found.born_at)
        yield consecutive.with_value(found.canary.consecutive_failures)
        yield last_success.with_value(found.canary.last_success_at)
        yield last_end.with_value(found.canary.last_end_at)
