"""An installation under the eyes of a real Prometheus: `aip run`, `aip-exporter`, the committed configuration."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from processor.alerting.prometheus_api import Sample, ask, fetch
from processor.alerting.servers import Server, running_prometheus
from tests.acceptance.system import System, wait_until
from tests.monitoring.conftest import Tools
from tests.monitoring.quick_prometheus import ASSETS, Yaml, write_quick_prometheus
from tests.ports import own_port

EXPORTER = Path(sys.executable).parent / "aip-exporter"
#: An alert that fires before Prometheus has found its Alertmanager is told of at the next time; a minute as a rule.
_OPTIONS = [ASSETS, "--rules.alert.resend-delay=5s"]
#: What a scrape shows may be so old: a second by the exporter's promise, and the time of the reading.
_READING_SECONDS = 2.0
#: A series without what Prometheus adds to tell targets apart.
Series = tuple[str, frozenset[tuple[str, str]]]
_OF_THE_TARGET = {"__name__", "instance", "job", "service"}


def series_of(sample: Sample) -> Series:
    """Name the series of an answer; upper bounds are written as numbers, however Prometheus spells them."""
    labels = {name: value for name, value in sample.labels.items() if name not in _OF_THE_TARGET}
    if "le" in labels:
        labels["le"] = repr(float(labels["le"]))
    return sample.labels["__name__"], frozenset(labels.items())


@dataclass
class Monitored:
    """One installation and the Prometheus that watches it."""

    system: System
    prometheus: Server
    targets: dict[str, str]
    exporters: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_exporter(self) -> subprocess.Popen[bytes]:
        """Start `aip-exporter` on the settings of the service."""
        self.system.write_settings()
        with (self.system.root / f"exporter-{len(self.exporters)}.log").open("wb") as log:
            started = subprocess.Popen(
                [EXPORTER, "--listen", self.targets["aip-exporter"]],
                env=self.system.environment,
                cwd=self.system.root,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.exporters.append(started)
        return started

    def wait_for_up(self, job: str, value: int) -> None:
        """Wait until Prometheus says that a job answers (1) or does not (0)."""
        wait_until(
            lambda: [one.value for one in self.ask(f'up{{job="{job}"}}')] == [value], f"up of {job} to be {value}"
        )

    def wait_for_a_fresh_scrape(self) -> float:
        """Wait until Prometheus holds what the ledger holds now, and tell the moment of that scrape."""
        since = time.time() + _READING_SECONDS
        scraped = 'aip_exporter_collector_success{collector="runs"}'
        asked = f"timestamp({scraped}) > {since} and {scraped} == 1"
        samples: tuple[Sample, ...] = wait_until(lambda: self.ask(asked), "a scrape of what is recorded by now")
        return samples[0].value

    def ask(self, expression: str, at: float | None = None) -> tuple[Sample, ...]:
        """Evaluate an expression; it must give no warning."""
        answer = ask(self.prometheus.url, expression, at)
        assert answer.remarks == ()
        return answer.samples

    def exemplars(self, name: str) -> dict[str, float]:
        """Give the exemplars of the last hour: the observed value by the id of the run."""
        now = time.time()
        parameters = {"query": name, "start": str(now - 3600), "end": str(now)}
        found = fetch(self.prometheus.url, "query_exemplars", parameters)["data"]
        return {one["labels"]["run_id"]: float(one["value"]) for series in found for one in series["exemplars"]}

    def values(self, expression: str, at: float | None = None) -> dict[Series, float]:
        """Give what is not 0, by series."""
        return {series_of(sample): sample.value for sample in self.ask(expression, at) if sample.value}


@contextmanager
def monitored(
    system: System,
    tools: Tools,
    folder: Path,
    *,
    alertmanager: str = "http://127.0.0.1:9",
    rule_change: Callable[[Yaml], Yaml] = lambda rule: rule,
) -> Iterator[Monitored]:
    """Have Prometheus watch an installation that has not been started yet.

    Args:
        alertmanager: URL of the one that is told of the alerts; nobody listens when left out.
        rule_change: what the test changes in the committed rules besides how often they are evaluated.
    """
    system.settings["api"]["port"] = system.settings["api"]["port"] or own_port()
    port = own_port()
    targets = {
        "aip-processor": f"127.0.0.1:{system.settings['api']['port']}",
        "aip-exporter": f"127.0.0.1:{own_port()}",
        "prometheus": f"127.0.0.1:{port}",
        "alertmanager": alertmanager.removeprefix("http://"),
    }
    config = write_quick_prometheus(folder, targets, rule_change=rule_change)
    with running_prometheus(tools.prometheus, folder, config, port=port, options=_OPTIONS) as server:
        watched = Monitored(system, server, targets)
        try:
            yield watched
        finally:
            for exporter in watched.exporters:
                exporter.kill()
                exporter.wait()
