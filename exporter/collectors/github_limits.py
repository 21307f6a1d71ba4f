"""Show GitHub's rate limits as the processor last heard of them; the exporter itself never asks GitHub.

```
aip_github_rate_limit_remaining{resource="core"} 4711.0
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
        name="aip_github_rate_limit_limit",
        kind=Kind.GAUGE,
        labels=("resource",),
        help="Requests that GitHub allows in a window; a resource appears with its first answer",
        example="aip_github_rate_limit_limit",
    ),
    Family(
        name="aip_github_rate_limit_remaining",
        kind=Kind.GAUGE,
        labels=("resource",),
        help="Requests that are left in the current window, as last heard",
        example="aip_github_rate_limit_remaining / aip_github_rate_limit_limit < 0.1",
    ),
    Family(
        name="aip_github_rate_limit_reset_timestamp_seconds",
        kind=Kind.GAUGE,
        labels=("resource",),
        help="Time at which the window ends and the whole limit is there again",
        example="aip_github_rate_limit_reset_timestamp_seconds - time()",
    ),
)


class GithubLimitsCollector:
    """Reads GitHub's last word."""

    name = "github_limits"
    summary = "GitHub's rate limits, as the processor last heard"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger

    def collect(self) -> Iterable[Metric]:
        """Give the three families."""
        limits = self._ledger.snapshot().rate_limits
        limit, remaining, reset = FAMILIES
        yield limit.with_values(({"resource": one.resource}, one.limit) for one in limits)
        yield remaining.with_values(({"resource": one.resource}, one.remaining) for one in limits)
        yield reset.with_values(({"resource": one.resource}, one.reset_at) for one in limits)
