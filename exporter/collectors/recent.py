"""Show how the last runs ended, exactly: what an alert looks at when only a few issues come a day.

```
aip_consecutive_failures 0.0
aip_recent_failure_ratio{window_events="20"} 0.15
```
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from processor.ledger.queries import RECENT_EVENTS, Snapshot, families
from processor.model import FAILED_OUTCOMES, Outcome

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_consecutive_failures",
        kind=Kind.GAUGE,
        help="Runs that ended as error or timeout since the last one that did not, at most 1000",
        example="aip_consecutive_failures > 4.5",
    ),
    Family(
        name="aip_recent_failure_ratio",
        kind=Kind.GAUGE,
        labels=("window_events",),
        help="Share of errors and timeouts among the last so many processed runs; absent until there are so many",
        example='aip_recent_failure_ratio{window_events="20"} >= 0.45',
    ),
    Family(
        name="aip_last_success_timestamp_seconds",
        kind=Kind.GAUGE,
        help="Time of the last success; absent until there is one",
        example="time() - aip_last_success_timestamp_seconds > 2 * 3600",
    ),
)


class RecentCollector:
    """Reads the outcomes of the last runs."""

    name = "recent"
    summary = "how the last runs ended"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger

    def collect(self) -> Iterable[Metric]:
        """Give the three families."""
        snapshot = self._ledger.snapshot()
        consecutive, ratio, last_success = FAMILIES
        yield consecutive.with_value(snapshot.consecutive_failures)
        window = {"window_events": str(RECENT_EVENTS)}
        failures = sum(outcome in FAILED_OUTCOMES for outcome in snapshot.last_outcomes)
        is_full = len(snapshot.last_outcomes) == RECENT_EVENTS
        yield ratio.with_values([(window, failures / RECENT_EVENTS)] if is_full else [])
        yield last_success.with_value(_last_success_at(snapshot))


def _last_success_at(snapshot: Snapshot) -> float | None:
    # Each bucket keeps the time of its last run, which retention does not delete.
    durations = snapshot.totals.get(families.RUN_DURATION, ())
    times = [total.exemplar_at for total in durations if total.labels.get("outcome") == Outcome.SUCCESS]
    return max((at for at in times if at is not None), default=None)
