"""What Prometheus itself says of our expositions: the linter nothing, the server exactly what the ledger holds."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import bcrypt
import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from exporter.catalogue import EVERY
from exporter.service import Exporter
from processor.alerting.prometheus_api import ask
from processor.alerting.servers import running_prometheus
from processor.github_client import ENDPOINTS
from processor.ledger import queries
from processor.ledger.connection import Ledger, open_ledger
from processor.metrics import Metrics
from processor.model import Outcome, Priority
from processor.service.duties import DUTIES
from processor.settings.load import load_settings
from processor.settings.sections import Settings
from tests.exporter.certificates import Authority
from tests.exporter.conftest import Scene
from tests.monitoring.conftest import Tools

MOST_SERIES = 1500
#: The moment of the last scrape, if that one came to its end.
_SCRAPED_AT = "timestamp(up) and up == 1"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("office")
    main = {
        "repositories": [{"name": "octo/hello"}],
        "default_agent": "tidy",
        "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
        "state": {"directory": str(folder / "state")},
        "logs": {"directory": str(folder / "logs")},
    }
    (folder / "configs").mkdir()
    (folder / "configs" / "auto_issue_processor.yaml").write_text(yaml.safe_dump(main))
    return load_settings(folder / "configs", {})


@pytest.fixture(scope="module", autouse=True)
def ledger(settings: Settings) -> Iterator[Ledger]:
    opened = open_ledger(settings.main.state)
    scene = Scene(opened)
    for priority in Priority:
        for place, outcome in enumerate(Outcome):
            for _ in range(1 + place):
                scene.finish(outcome, priority=priority)
    scene.queue()
    yield opened
    opened.close()


@pytest.fixture
def exporter(settings: Settings) -> Iterator[Exporter]:
    made = Exporter(settings, {})
    yield made
    made.close()


def _lint(tools: Tools, text: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([tools.promtool, "check", "metrics"], input=text, capture_output=True, check=False)


def test_promlint_says_nothing_of_the_exporter(tools: Tools, exporter: Exporter) -> None:
    text, problems = exporter.once()
    assert problems == ()
    done = _lint(tools, text.encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_promlint_says_nothing_of_the_service(tools: Tools) -> None:
    registry = CollectorRegistry()
    Metrics(registry, duties=DUTIES, endpoints=ENDPOINTS)
    done = _lint(tools, generate_latest(registry))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_one_repository_has_less_than_1500_series(exporter: Exporter) -> None:
    text, _ = exporter.once()
    of_the_exporter = [line for line in text.splitlines() if not line.startswith("#")]
    registry = CollectorRegistry()
    Metrics(registry, duties=DUTIES, endpoints=ENDPOINTS)
    of_the_service = [sample for metric in registry.collect() for sample in metric.samples]
    assert len(of_the_exporter) + len(of_the_service) < MOST_SERIES


def test_prometheus_scrapes_over_tls_with_a_user_and_holds_exactly_what_the_ledger_holds(
    tools: Tools, exporter: Exporter, ledger: Ledger, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    pair = authority.pair("exporter")
    web = {
        "tls_server_config": {"cert_file": pair.certificate.name, "key_file": pair.key.name},
        "basic_auth_users": {"prometheus": bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode()},
    }
    (tmp_path / "web.yml").write_text(yaml.safe_dump(web))
    url = exporter.serve("127.0.0.1", 0, tmp_path / "web.yml")
    (tmp_path / "password").write_text("correct horse")
    scrape = {
        "job_name": "aip-exporter",
        "scheme": "https",
        "scrape_interval": "1s",
        "scrape_timeout": "1s",
        "tls_config": {"ca_file": str(authority.file)},
        "basic_auth": {"username": "prometheus", "password_file": str(tmp_path / "password")},
        "static_configs": [{"targets": [url.removeprefix("https://")]}],
    }
    config = tmp_path / "prometheus.yml"
    config.write_text(yaml.safe_dump({"scrape_configs": [scrape]}))
    with running_prometheus(tools.prometheus, tmp_path, config) as server:
        _wait(lambda: _value(server.url, _SCRAPED_AT) is not None)
        at = _value(server.url, _SCRAPED_AT)  # later scrapes may take too long, and leave a gap
        with ledger.read() as db:
            runs = sum(total.value for total in queries.totals_of(db, queries.families.RUNS))
            observed = queries.totals_of(db, queries.families.RUN_DURATION)
        assert _value(server.url, "sum(aip_runs_total)", at) == runs == 4 * (1 + 2 + 3 + 4 + 5)
        seconds = sum(total.value for total in observed if total.part == "sum")
        assert _value(server.url, "sum(aip_run_duration_seconds_sum)", at) == pytest.approx(seconds, rel=1e-12)
        counts = sum(total.value for total in observed if total.part != "sum")
        assert _value(server.url, "sum(aip_run_duration_seconds_count)", at) == counts
        # What docs/metrics.md suggests is understood, and Prometheus has no doubt about any of it.
        examples = [family.example for kind in EVERY for family in kind.families]
        assert {example: ask(server.url, example).remarks for example in examples} == dict.fromkeys(examples, ())
        assert _value(server.url, 'scrape_samples_scraped{job="aip-exporter"}') < 2 * MOST_SERIES


def _value(url: str, query: str, at: float | None = None) -> float | None:
    answer = ask(url, query, at)
    return answer.samples[0].value if answer.samples else None


def _wait(is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_there():
        assert time.monotonic() < deadline
        time.sleep(0.2)
