"""Alertmanager tells the service, what it could not tell a dead one it tells later, and a token may be changed."""

import json
from pathlib import Path

from tests.acceptance.system import System, wait_until
from tests.monitoring.alerting_stage import TOKEN, alerting_stage
from tests.monitoring.conftest import Tools, tools  # noqa: F401  # the fixture


def _history(system: System) -> list[str]:
    done = system.aip("alerts", "list", "--history", "--json")
    assert done.returncode == 0, done.stderr
    return [incident["alert"] for incident in json.loads(done.stdout)["incidents"]]


def test_what_fires_while_the_service_is_dead_is_in_the_history_later(
    system: System,
    tools: Tools,  # noqa: F811
    tmp_path: Path,
) -> None:
    url = system.take_alerts(TOKEN)
    with alerting_stage(tools, tmp_path / "stage", processor_url=url) as stage:
        service = system.start()
        system.url()
        stage.fire("AipQueueOldestTooOld", "medium")
        wait_until(lambda: system.get("/api/alerts")["incidents"], "the first incident")
        system.kill(service)
        stage.fire("AipGithubRateLimitLow", "medium")
        stage.wait(lambda: stage.attempts("incident-history") > 1, "an attempt to tell a dead service")
        service = system.start()
        wait_until(lambda: len(system.get("/api/alerts")["incidents"]) == 2, "the second incident")
        for holder in (system.root, stage.folder / "secrets"):
            (holder / "alerts_token").write_text("a-new-token")
        stage.fire("AipCpuHigh", "medium")
        wait_until(lambda: len(system.get("/api/alerts")["incidents"]) == 3, "the incident with a new token")
        system.stop(service)
    assert _history(system) == ["AipCpuHigh", "AipGithubRateLimitLow", "AipQueueOldestTooOld"]
    assert TOKEN not in system.log()
