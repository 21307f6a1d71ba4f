"""The exporter of a made-up world, asked over HTTP at whatever time it is there; and a Prometheus that keeps it all."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import requests
from prometheus_client.parser import text_string_to_metric_families

from exporter.ledger_reading import FRESH_SECONDS
from exporter.service import Exporter
from processor.alerting.prometheus_api import ask
from processor.alerting.servers import running_prometheus
from processor.settings.sections import MainFile, RepositorySettings, Settings, State
from tests.agreement.calendar import Look
from tests.agreement.exposition import Key, Samples, sample
from tests.agreement.happenings import REPOSITORIES
from tests.exporter.moments import Clock
from tests.grafana.month.recording import Target
from tests.grafana.month.remote_write import send

#: On a busy machine a collector may be late.
_PATIENCE_SECONDS = 60.0
_COLLECTORS = ("runs", "incidents", "reports", "trends")
#: Everything stays in memory, so that samples of any age may come.
_OPTIONS = [
    "--web.enable-remote-write-receiver",
    "--storage.tsdb.min-block-duration=2000d",
    "--storage.tsdb.max-block-duration=2000d",
    "--storage.tsdb.retention.time=100y",
]


class Shown:
    """Asks an exporter whose clocks are ours."""

    def __init__(self, url: str, clock: Clock, monotonic: Clock) -> None:
        self._url = url
        self._clock = clock
        self._monotonic = monotonic
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def at(self, now: float) -> Samples:
        """Give every sample that it shows at a time, once no collector shows what it had before."""
        self._clock.now = now
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            self._monotonic.now += 2 * FRESH_SECONDS
            found = self._scraped()
            if all(found[sample("aip_exporter_collector_success", collector=name)] for name in _COLLECTORS):
                return found
            assert time.monotonic() < deadline, "a collector is late, or failed"

    def _scraped(self) -> Samples:
        answer = self._session.get(f"{self._url}/metrics", timeout=_PATIENCE_SECONDS)
        assert answer.status_code == 200
        lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
        found = {_key(series): float(value) for series, _, value in lines}
        return {key: value for key, value in found.items() if not key[0].endswith("_created")}


@cache
def _key(series: str) -> Key:
    """Read the name and the labels of a line; the same lines come at every scrape."""
    ((one,),) = (family.samples for family in text_string_to_metric_families(f"{series} 0\n"))
    return sample(one.name, **one.labels)


@contextmanager
def shown(state: State, look: Look, environ: Mapping[str, str]) -> Iterator[Shown]:
    """Run the exporter of a ledger while the block lasts, from long before the look."""
    repositories = tuple(RepositorySettings(name=name) for name in REPOSITORIES)
    main = MainFile(state=state, timezone=look.zone_name, repositories=repositories)
    clock, monotonic = Clock(look.now - 60 * 86_400), Clock(0.0)
    exporter = Exporter(Settings(main=main), environ, _COLLECTORS, clock=clock, monotonic=monotonic)
    asked = Shown(exporter.serve("127.0.0.1", 0), clock, monotonic)
    try:
        asked.at(clock.now)  # the first round is over: nobody waits for one that began before what is written now
        yield asked
    finally:
        asked.close()
        exporter.close()


@dataclass(frozen=True)
class Watching:
    """A Prometheus that keeps what was shown of each world under the world's number."""

    url: str

    def keep(self, world: int, found: Mapping[float, Samples]) -> None:
        """Take in what was shown at each moment."""
        target = Target(world=str(world))
        for moment, samples in sorted(found.items()):
            target.note(moment, (((("__name__", name), *labels), value) for (name, labels), value in samples.items()))
        send(self.url, target.whole())

    def asked(self, expression: str, at: float) -> Samples:
        """Give what it answers, without the world's number."""
        answer = ask(self.url, expression, at)
        assert answer.remarks == ()
        found = {}
        for one in answer.samples:
            labels = {name: value for name, value in one.labels.items() if name not in {"__name__", "world"}}
            found[sample(one.labels.get("__name__", ""), **labels)] = one.value
        return found

    def increase(self, world: int, selector: str, by: str, span: tuple[float, float]) -> dict[tuple[str, ...], float]:
        """Give by how much counters grew from the scrape at the start of a span to that at its end, by labels in order.

        Not `increase()`, which guesses what is between and beyond scrapes.
        """
        name, _, labels = selector.partition("{")
        series = f'{name}{{world="{world}", {labels or "}"}'
        start, end = (f"sum by ({by}) ({series} @ {moment:.3f})" for moment in span)
        found = self.asked(f"{end} - {start}", span[1])
        return {tuple(value for _, value in labels): value for (_, labels), value in found.items()}


@contextmanager
def watching(program: Path, folder: Path) -> Iterator[Watching]:
    """Run the Prometheus while the block lasts."""
    (folder / "prometheus.yml").write_text("global: {}\n", encoding="utf-8")
    with running_prometheus(program, folder, folder / "prometheus.yml", options=_OPTIONS) as server:
        yield Watching(server.url)
