"""Play the month: a service's writes into a ledger, and the exporter's own collectors at each scrape in between."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from prometheus_client.core import Metric
from sqlalchemy import event, update

from exporter.catalogue import EVERY, Collector
from exporter.collectors.folders import FoldersCollector
from exporter.collectors.host import HostCollector
from exporter.collectors.incidents import IncidentsCollector
from exporter.collectors.process import ProcessCollectors
from exporter.collectors.reports import ReportsCollector
from exporter.collectors.trends import TrendsCollector
from exporter.ledger_reading import FRESH_SECONDS, LedgerReading
from exporter.per_period import SETTLING_SECONDS
from exporter.surroundings import Surroundings
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.queries import LedgerDoor
from processor.ledger.schema import facts
from processor.model import closed_days
from processor.settings.load import load_settings
from processor.settings.sections import Settings, State
from tests.grafana.month.calendar import START, ticks
from tests.grafana.month.canary_rounds import EVERY as EVERY_ROUND
from tests.grafana.month.canary_rounds import SANDBOX, acts_of_rounds
from tests.grafana.month.checked_lists import acts_of_checklists
from tests.grafana.month.nightly_backups import acts_of_backups
from tests.grafana.month.plan import REPOSITORIES, plan
from tests.grafana.month.recording import Labels, Target
from tests.grafana.month.scenes import Act, acts_of_runs
from tests.grafana.month.sent_reports import acts_of_reports
from tests.grafana.month.told_alerts import acts_of_alerts

TOKYO_SERVICE, PARIS_SERVICE = "aip", "aip-paris"
_OF_CLOSED_PERIODS = {ReportsCollector, TrendsCollector, IncidentsCollector}
_RECIPE = {"kind": "recipe", "steps": [{"tool": "codespell"}]}
_MAIN = {
    "repositories": [{"name": name} for name in REPOSITORIES],
    "default_agent": "tidy",
    "canary": {"repository": SANDBOX, "interval_seconds": EVERY_ROUND},
    "agents": {"tidy": _RECIPE, "claude": _RECIPE, "codex": _RECIPE},
}


@dataclass
class _Clock:
    """Tells the time of the scrape that is under way."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Scrape:
    """A moment of the month, with how many runs were under way."""

    at: float
    in_progress: int


class _OncePerDay:
    """A collector of closed periods, asked when a day has closed: in between it shows the same."""

    def __init__(self, collector: Collector, surroundings: Surroundings) -> None:
        self.name, self.summary, self.source = collector.name, collector.summary, collector.source
        self.families = collector.families
        self._collector = collector
        self._clock = surroundings.clock
        self._zone = ZoneInfo(surroundings.settings.main.timezone)
        self._closed: object = None
        self._metrics: tuple[Metric, ...] = ()

    def collect(self) -> Iterable[Metric]:
        closed = closed_days(self._clock() - SETTLING_SECONDS, self._zone, 1)
        if closed != self._closed:
            self._closed, self._metrics = closed, tuple(self._collector.collect())
        return self._metrics


class Replay:
    """A ledger that fills, and an exporter of it; a second one shows the reports of another time zone."""

    def __init__(self, folder: Path, wanted: frozenset[str]) -> None:
        """Make the ledger; `wanted` are the names of the series that anybody asks for."""
        settings = _settings(folder, "Asia/Tokyo")
        self.ledger = _hasty_ledger(settings.main.state)
        self._wanted = wanted
        self._clock, self._writes = _Clock(), _Clock()
        self._reading = LedgerReading(LedgerDoor(settings.main.state), monotonic=self._writes)
        here = Surroundings(settings, self._reading, self._clock)
        there = Surroundings(_settings(folder, "Europe/Paris"), self._reading, self._clock)
        self._collectors: dict[Target, list[Collector]] = {
            _target(TOKYO_SERVICE): _collectors(here),
            _target(PARIS_SERVICE): _collectors(there, only_reports=True),
        }
        self._flat: dict[tuple[str, str], tuple[Metric, list[tuple[Labels, float]]]] = {}

    @property
    def targets(self) -> Iterable[Target]:
        """What was scraped."""
        return self._collectors

    def play(self) -> Iterator[Scrape]:
        """Go through the month; each scrape is noted and then given, for what else is seen at that moment."""
        acts = (*acts_of_runs(plan()), *acts_of_alerts(), *acts_of_backups(), *acts_of_checklists(), *acts_of_reports())
        acts += tuple(acts_of_rounds())
        ahead = deque(sorted(acts, key=lambda act: act[0]))
        for moment in ticks():
            self._write(ahead, moment)
            self._clock.now = moment
            for target, collectors in self._collectors.items():
                target.note(moment, self._samples(target, collectors))
            yield Scrape(moment, self._reading.snapshot().runs_in_progress)

    def close(self) -> None:
        """Give the connections back."""
        self._reading.close()
        self.ledger.close()

    def _write(self, ahead: deque[tuple[float, Act]], until: float) -> None:
        """Write what happened until then; the ledger is read anew only after that."""
        if ahead[0][0] > until:
            return
        with self.ledger.write() as db:
            while ahead and ahead[0][0] <= until:
                at, act = ahead.popleft()
                act(db, at)
        self._writes.now += 2 * FRESH_SECONDS

    def _samples(self, target: Target, collectors: list[Collector]) -> Iterator[tuple[Labels, float]]:
        for collector in collectors:
            for metric in collector.collect():
                yield from self._flattened(str(target.labels), metric)

    def _flattened(self, target: str, metric: Metric) -> list[tuple[Labels, float]]:
        """Give the samples that are wanted; a metric that the collector kept is not looked at again."""
        kept = self._flat.get((target, metric.name))
        if kept is None or kept[0] is not metric:
            kept = (
                metric,
                [
                    ((("__name__", sample.name), *sample.labels.items()), sample.value)
                    for sample in metric.samples
                    if sample.name in self._wanted
                ],
            )
            self._flat[target, metric.name] = kept
        return kept[1]


def _hasty_ledger(state: State) -> Ledger:
    """Make a ledger that was born with the month, and does not wait for the disk at each commit."""
    ledger = open_ledger(state)
    ledger.engine.dispose()
    event.listen(ledger.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    with ledger.write() as db:
        db.execute(update(facts).where(facts.c.key == "born_at").values(value=str(START)))
    return ledger


def _collectors(surroundings: Surroundings, *, only_reports: bool = False) -> list[Collector]:
    """Make every collector but those of the host and of this process."""
    kinds = [kind for kind in EVERY if kind not in {HostCollector, FoldersCollector, ProcessCollectors}]
    return [
        _OncePerDay(kind(surroundings), surroundings) if kind in _OF_CLOSED_PERIODS else kind(surroundings)
        for kind in kinds
        if kind in _OF_CLOSED_PERIODS or not only_reports
    ]


def _target(service: str) -> Target:
    return Target(job="aip-exporter", instance="aip-exporter:1", service=service)


def _settings(folder: Path, zone: str) -> Settings:
    configs = folder / zone.replace("/", "-")
    configs.mkdir(parents=True)
    state, logs = {"directory": str(folder / "state")}, {"directory": str(folder / "logs")}
    text = yaml.safe_dump({**_MAIN, "timezone": zone, "state": state, "logs": logs})
    (configs / "auto_issue_processor.yaml").write_text(text, encoding="utf-8")
    return load_settings(configs, {})
