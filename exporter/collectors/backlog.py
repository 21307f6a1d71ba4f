"""Show what waits, what is under way and what was given up.

```
aip_queue_issues{priority="high",repository="octo/hello"} 3.0
aip_dead_letter_issues 0.0
```
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from exporter.totals import Domains, gauge
from processor.model import Priority

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_queue_issues",
        kind=Kind.GAUGE,
        labels=("repository", "priority"),
        help="Issues in the backlog: eligible and not started",
        example="sum by (priority) (aip_queue_issues)",
    ),
    Family(
        name="aip_oldest_queued_issue_timestamp_seconds",
        kind=Kind.GAUGE,
        help="Time at which the oldest issue of the backlog joined it; absent when the backlog is empty",
        example="time() - aip_oldest_queued_issue_timestamp_seconds > 3600",
    ),
    Family(
        name="aip_dead_letter_issues",
        kind=Kind.GAUGE,
        help="Issues that were given up and not tried again since",
        example="aip_dead_letter_issues > 0.5",
    ),
    Family(
        name="aip_runs_in_progress",
        kind=Kind.GAUGE,
        help="Runs that an engine holds, as the ledger sees it",
        example="aip_runs_in_progress - on () sum(aip_active_tasks)",
    ),
)


class BacklogCollector:
    """Counts what is not finished."""

    name = "backlog"
    summary = "backlog, runs in progress, dead letters"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger
        names = [repository.name for repository in surroundings.settings.main.repositories]
        self._domains = Domains({"priority": list(Priority)}, {"repository": names})

    def collect(self) -> Iterable[Metric]:
        """Give the four families."""
        snapshot = self._ledger.snapshot()
        waiting: Counter[tuple[str, ...]] = Counter()
        for line in snapshot.waiting:
            waiting[line.repository, line.priority] += line.issues
        queue, oldest, dead_letters, in_progress = FAMILIES
        yield gauge(queue, waiting, self._domains)
        yield oldest.with_value(min((line.oldest_at for line in snapshot.waiting), default=None))
        yield dead_letters.with_value(snapshot.dead_letter_issues)
        yield in_progress.with_value(snapshot.runs_in_progress)
