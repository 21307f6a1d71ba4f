"""The committed configuration in a real Prometheus that scrapes a real exporter, processor metrics and Alertmanager."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from prometheus_client import CollectorRegistry, start_http_server

from processor.alerting.prometheus_api import ask, fetch
from processor.alerting.servers import running_alertmanager, running_prometheus
from processor.github_client import ENDPOINTS
from processor.ledger.connection import open_ledger
from processor.metrics import Metrics
from processor.service.duties import DUTIES
from processor.settings.load import load_settings
from tests.grafana.boards import boards, filled, panels
from tests.monitoring.conftest import Tools
from tests.monitoring.quick_prometheus import ASSETS, write_quick_prometheus
from tests.ports import own_port

JOBS = {"aip-processor", "aip-exporter", "prometheus", "alertmanager"}


@dataclass(frozen=True)
class Monitoring:
    """A Prometheus that has scraped every target and evaluated every rule."""

    url: str


@pytest.fixture(scope="module")
def monitoring(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitoring]:
    folder = tmp_path_factory.mktemp("monitoring")
    ports = {job: own_port() for job in JOBS}
    with ExitStack() as running:
        running.enter_context(_exporter(folder, ports["aip-exporter"]))
        running.enter_context(_processor(ports["aip-processor"]))
        silent = folder / "alertmanager.yml"
        silent.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        running.enter_context(running_alertmanager(tools.alertmanager, folder, silent, port=ports["alertmanager"]))
        server = running.enter_context(
            running_prometheus(
                tools.prometheus,
                folder,
                write_quick_prometheus(folder, {job: f"127.0.0.1:{taken}" for job, taken in ports.items()}),
                port=ports["prometheus"],
                options=[ASSETS],
            )
        )
        _wait(lambda: {one.labels["job"] for one in ask(server.url, "up == 1").samples} == JOBS)
        _wait(lambda: all(rule["health"] == "ok" for rule in _rules(server.url)))
        yield Monitoring(server.url)


@contextmanager
def _exporter(folder: Path, port: int) -> Iterator[None]:
    settings = {
        "repositories": [{"name": "octo/hello"}],
        "default_agent": "tidy",
        "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
        "state": {"directory": str(folder / "state")},
        "logs": {"directory": str(folder / "logs")},
    }
    configs = folder / "configs"
    configs.mkdir()
    (configs / "auto_issue_processor.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    open_ledger(load_settings(configs, {}).main.state).close()
    command = [sys.executable, "-m", "exporter", "--config-dir", str(configs), "--listen", f"127.0.0.1:{port}"]
    with (folder / "exporter.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def _processor(port: int) -> Iterator[None]:
    metrics = Metrics(CollectorRegistry(), duties=DUTIES, endpoints=ENDPOINTS)
    metrics.heartbeat.set_to_current_time()
    server, thread = start_http_server(port, "127.0.0.1", metrics.registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _wait(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.2)


def _wait_for_each(monitoring: Monitoring, names: set[str]) -> None:
    """Wait until each has series; a scrape that takes longer than its second leaves a gap."""
    _wait(lambda: all(ask(monitoring.url, f"count({name})").samples for name in names))


def _rules(url: str) -> list[dict[str, Any]]:
    return [rule for group in fetch(url, "rules")["data"]["groups"] for rule in group["rules"]]


def test_every_rule_is_evaluated_without_a_remark(monitoring: Monitoring) -> None:
    rules = _rules(monitoring.url)
    assert len(rules) > 60
    assert {
        rule["name"]: answer.remarks for rule in rules if (answer := ask(monitoring.url, rule["query"])).remarks
    } == {}


def test_what_the_rules_ask_of_the_monitoring_itself_is_there(monitoring: Monitoring) -> None:
    asked = {
        word
        for rule in _rules(monitoring.url)
        for word in rule["query"].replace("(", " ").replace("{", " ").split()
        if word.startswith(("prometheus_", "alertmanager_"))
    }
    assert len(asked) > 8
    _wait_for_each(monitoring, asked)


def test_every_query_of_a_dashboard_is_answered_without_a_remark(monitoring: Monitoring) -> None:
    queries = {query for panel in panels() for query in panel.expressions}
    queries |= {filled(note["expr"]) for board in boards() for note in board["annotations"]["list"]}
    assert len(queries) > 100
    assert {query: answer.remarks for query in queries if (answer := ask(monitoring.url, query)).remarks} == {}


def test_what_the_dashboards_ask_of_the_monitoring_itself_is_there(monitoring: Monitoring) -> None:
    queries = " ".join(query for panel in panels() for query in panel.expressions)
    names = re.sub(r'"[^"]*"', "", queries)
    asked = set(re.findall(r"\b(?:prometheus_|alertmanager_|scrape_|process_)\w+", names))
    assert len(asked) > 10
    _wait_for_each(monitoring, asked)


def test_the_created_times_of_counters_are_no_series_of_their_own(monitoring: Monitoring) -> None:
    """They are taken as the zero that a counter began with; otherwise they would double the series."""
    assert ask(monitoring.url, 'count({__name__=~"aip_.+_created"})').samples == ()


def test_a_scrape_stays_far_below_its_limit(monitoring: Monitoring) -> None:
    answer = ask(monitoring.url, 'max(scrape_samples_post_metric_relabeling{job=~"aip-.+"})')
    assert answer.samples[0].value < 1500


def test_the_link_of_an_alert_opens_its_runbook(monitoring: Monitoring) -> None:
    alerts = fetch(monitoring.url, "alerts")["data"]["alerts"]
    (watchdog,) = [alert for alert in alerts if alert["labels"]["alertname"] == "Watchdog"]
    port = monitoring.url.rpartition(":")[2]
    link = watchdog["annotations"]["runbook_url"]
    assert link.endswith(f":{port}/user/runbooks/Watchdog.html")
    page = requests.get(monitoring.url + "/user" + link.partition("/user")[2], timeout=60)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "<h1>Watchdog</h1>" in page.text
    assert watchdog["annotations"]["dashboard_url"] == "http://localhost:3000/d/aip-monitoring"
    assert "grafana_url" not in watchdog["labels"]


def test_a_runbook_learns_from_prometheus_where_grafana_is(monitoring: Monitoring) -> None:
    """Its script reads the configuration of the server that it came from."""
    script = requests.get(f"{monitoring.url}/user/runbook.js", timeout=60)
    assert script.status_code == 200
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert 'src="../runbook.js"' in requests.get(f"{monitoring.url}/user/runbooks/Watchdog.html", timeout=60).text
    assert "\n    grafana_url: http://localhost:3000\n" in fetch(monitoring.url, "status/config")["data"]["yaml"]
