"""List every collector, in the order in which they are shown."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from prometheus_client.core import Metric

from exporter.collectors.backlog import BacklogCollector
from exporter.collectors.backups import BackupsCollector
from exporter.collectors.build import BuildCollector
from exporter.collectors.canary import CanaryCollector
from exporter.collectors.checklists import ChecklistsCollector
from exporter.collectors.deliveries import DeliveriesCollector
from exporter.collectors.drills import DrillsCollector
from exporter.collectors.folders import FoldersCollector
from exporter.collectors.github_limits import GithubLimitsCollector
from exporter.collectors.host import HostCollector
from exporter.collectors.incidents import IncidentsCollector
from exporter.collectors.ledger import LedgerCollector
from exporter.collectors.process import ProcessCollectors
from exporter.collectors.pull_requests import PullRequestsCollector
from exporter.collectors.recent import RecentCollector
from exporter.collectors.reports import ReportsCollector
from exporter.collectors.runs import RunsCollector
from exporter.collectors.slo import SloCollector
from exporter.collectors.trends import TrendsCollector
from exporter.family import Family
from exporter.surroundings import Surroundings
from processor.errors import UsageError


class Collector(Protocol):
    """One source of metrics. `collect` may fail and may be slow; it is called by one thread at a time."""

    name: str
    summary: str
    source: str
    families: tuple[Family, ...]

    def collect(self) -> Iterable[Metric]: ...


class Kind(Protocol):
    """A class of collectors: what is known without making one."""

    name: str
    summary: str
    source: str
    families: tuple[Family, ...]

    def __call__(self, surroundings: Surroundings, /) -> Collector: ...


EVERY: tuple[Kind, ...] = (
    RunsCollector,
    RecentCollector,
    BacklogCollector,
    PullRequestsCollector,
    GithubLimitsCollector,
    DrillsCollector,
    ChecklistsCollector,
    CanaryCollector,
    LedgerCollector,
    BackupsCollector,
    IncidentsCollector,
    DeliveriesCollector,
    ReportsCollector,  # the last two of the ledger's: they keep the others waiting when they sum up a day
    TrendsCollector,
    SloCollector,
    HostCollector,
    FoldersCollector,
    BuildCollector,
    ProcessCollectors,
)


def choose(names: Sequence[str] = ()) -> tuple[Kind, ...]:
    """Give the collectors of these names; all of them when none is named.

    Raises:
        UsageError: a name is no collector's.
    """
    known = [kind.name for kind in EVERY]
    strangers = sorted(set(names) - set(known))
    if strangers:
        raise UsageError(f"there is no collector {', '.join(strangers)}; use some of {', '.join(known)}")
    return tuple(kind for kind in EVERY if not names or kind.name in names)
