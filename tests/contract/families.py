"""What the exporter and the processor expose, from their own code."""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from exporter.catalogue import EVERY
from processor.github_client import ENDPOINTS
from processor.ledger.connection import open_ledger
from processor.metrics import Metrics
from processor.service.duties import DUTIES
from processor.settings.load import load_settings
from processor.settings.sections import State

#: Labels that Prometheus adds to what it scrapes.
TARGET_LABELS = frozenset({"job", "instance", "service"})
#: Series that Prometheus itself writes for each target.
OF_EACH_TARGET = ("up", "scrape_samples_post_metric_relabeling")
_SUFFIXES = {"counter": ("",), "gauge": ("",), "info": ("",), "histogram": ("_bucket", "_sum", "_count")}


@dataclass(frozen=True)
class Series:
    """A name that can be selected. `values` are the label sets of an idle installation; some come with what happens."""

    name: str
    type: str
    labels: frozenset[str]
    values: tuple[dict[str, str], ...] = ()


@cache
def exposed() -> dict[str, Series]:
    """Give every series of both processes by its name, and `up` and its like."""
    sampled = [*_samples(_scraped_exporter()), *_samples(_processor_registry().collect())]
    known = {one.name: one for one in sampled}
    for family in (family for kind in EVERY for family in kind.families):
        for suffix in _SUFFIXES[family.kind]:
            labels = {*family.labels, *({"le"} if suffix == "_bucket" else ())}
            name = family.name + suffix
            known.setdefault(name, Series(name, str(family.kind), frozenset(labels)))
    return known | {name: Series(name, "gauge", frozenset()) for name in OF_EACH_TARGET}


def _samples(metrics: Iterable[Metric]) -> Iterable[Series]:
    for metric in metrics:
        by_name: dict[str, list[dict[str, str]]] = {}
        for sample in metric.samples:
            by_name.setdefault(sample.name, []).append(dict(sample.labels))
        for name, values in by_name.items():
            yield Series(name, metric.type, frozenset(values[0]), tuple(values))


def _processor_registry() -> CollectorRegistry:
    metrics = Metrics(CollectorRegistry(), duties=DUTIES, endpoints=ENDPOINTS)
    metrics.override_ends.set_function(lambda: {"gate.minimum_score": 0.0})  # has series only while one is set
    return metrics.registry


def _old_ledger(state: State) -> None:
    """Make a ledger that was there in every period that is compared."""
    ledger = open_ledger(state)
    with ledger.write() as db:
        db.execute(text("UPDATE facts SET value = '0' WHERE key = 'born_at'"))
    ledger.close()


def _scraped_exporter() -> list[Metric]:
    with TemporaryDirectory() as folder:
        settings = {
            "repositories": [{"name": "octo/hello"}],
            "default_agent": "tidy",
            "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
            "state": {"directory": f"{folder}/state"},
            "logs": {"directory": f"{folder}/logs"},
        }
        (Path(folder) / "auto_issue_processor.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        _old_ledger(load_settings(Path(folder), {}).main.state)
        command = [sys.executable, "-m", "exporter", "--config-dir", folder, "--once"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(text_string_to_metric_families(done.stdout))
