"""Show our open pull requests by what reviewers have said.

```
aip_pull_requests_open{repository="octo/hello",review_state="none"} 2.0
```
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from exporter.totals import Domains, gauge
from processor.model import ReviewState

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_pull_requests_open",
        kind=Kind.GAUGE,
        labels=("repository", "review_state"),
        help="Our open pull requests by review state, as last seen",
        example='sum(aip_pull_requests_open{review_state="none"}) > 9.5',
    ),
)


class PullRequestsCollector:
    """Counts what waits for people."""

    name = "pull_requests"
    summary = "our open pull requests by review state"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger
        names = [repository.name for repository in surroundings.settings.main.repositories]
        self._domains = Domains({"review_state": list(ReviewState)}, {"repository": names})

    def collect(self) -> Iterable[Metric]:
        """Give the one family."""
        found = self._ledger.snapshot().open_pull_requests
        counts: dict[tuple[str, ...], int] = {(line.repository, line.review_state): line.count for line in found}
        yield gauge(FAMILIES[0], counts, self._domains)
