"""`aip drill` with real servers: the handbook's alerts pass, and what is broken on purpose fails."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from exporter.service import Exporter
from processor.cli.main import main
from processor.ledger import queries
from processor.ledger.connection import open_ledger
from processor.settings.load import load_settings
from tests.monitoring.conftest import ROOT, Tools

HANDBOOK = ("AipHighErrorRate", "AipProcessingDelay", "AipMemoryUsageHigh")
_SPEED = 300


@dataclass(frozen=True)
class Drilled:
    """What `aip drill --json` said."""

    code: int
    answer: dict[str, Any]
    notes: str

    def of(self, alert: str) -> dict[str, Any]:
        """Give the result of one alert."""
        (found,) = [one for one in self.answer["drills"] if one["alert"] == alert]
        return found


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """An installation with a ledger."""
    settings = {
        "repositories": [{"name": "octo/hello"}],
        "default_agent": "tidy",
        "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
        "state": {"directory": str(tmp_path / "state")},
        "logs": {"directory": str(tmp_path / "logs")},
    }
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "auto_issue_processor.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    open_ledger(load_settings(folder, {}).main.state).close()
    return folder


@pytest.fixture
def drill(configs: Path, tools: Tools, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Drilled]]:
    """Call `aip drill` on the folders of a source tree."""

    def call(*words: str, tree: Path = ROOT) -> Drilled:
        folders = ["--prometheus", str(tree / "prometheus"), "--alertmanager", str(tree / "alertmanager")]
        options = ["--tools", str(tools.folder), "--speed", str(_SPEED), *folders, "--json"]
        code = main(["--config-dir", str(configs), "drill", *options, *words])
        said = capsys.readouterr()
        return Drilled(code, json.loads(said.out), said.err)

    return call


def test_alerts_fire_reach_their_channels_and_end(drill: Callable[..., Drilled], configs: Path) -> None:
    drilled = drill(*HANDBOOK, "Watchdog")

    assert [one["faults"] for one in drilled.answer["drills"]] == [[]] * 4
    assert (drilled.code, drilled.answer["failed"], drilled.answer["recorded"]) == (0, 0, True)
    assert {one["alert"]: one["delivered_to"] for one in drilled.answer["drills"]} == {
        "AipHighErrorRate": ["email", "incident-history", "slack"],
        "AipProcessingDelay": ["incident-history", "slack"],
        "AipMemoryUsageHigh": ["email", "incident-history"],
        "Watchdog": ["dead-mans-switch", "incident-history"],
    }
    for one in drilled.answer["drills"]:
        assert one["k"] == _SPEED
        assert 0 <= one["fired_seconds"] <= one["told_seconds"]
        assert one["over_seconds"] > 0

    settings = load_settings(configs, {})
    ledger = open_ledger(settings.main.state)
    with ledger.read() as db:
        recorded = {one.alert: (one.k, one.details["faults"]) for one in queries.last_drills(db)}
    ledger.close()
    assert recorded == dict.fromkeys([*HANDBOOK, "Watchdog"], (_SPEED, []))
    exporter = Exporter(settings, {})
    text, _ = exporter.once()
    exporter.close()
    assert text.count("aip_drill_last_success_timestamp_seconds{alert=") == 4


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the configuration in which something is wrong with each of five alerts."""
    tree = tmp_path / "tree"
    for name in ("prometheus", "alertmanager"):
        shutil.copytree(ROOT / name, tree / name)
    for file, right, wrong in (
        ("monitoring.yml", '{job="alertmanager"}[5m]) == 0', '{job="alertmanager"}[5m]) == 1'),
        ("handbook.yml", "aip_host_memory_usage_ratio > 0.80", "aip_host_memory_usage_ratio > 80"),
        ("github.yml", 'severity: medium, notify_slack: "true"', 'severity: medium, notify_webhook: "true"'),
        ("failures.yml", "{{ $value | humanizePercentage }} of the last 20 runs", "Many of the last 20 runs"),
    ):
        _replace(tree / "prometheus" / "rules" / file, right, wrong)
    routes = tree / "alertmanager" / "alertmanager.yml"
    _replace(
        routes,
        'receiver: slack, matchers: [notify_slack="true", severity!="low"]',
        'receiver: slack, matchers: [notify_slack="true", severity!="low", alertname!="AipConsecutiveFailures"]',
    )
    _replace(routes, 'matchers: [notify_email="true", severity!="low"]', 'matchers: [severity!="low"]')
    return tree


def _replace(file: Path, right: str, wrong: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), encoding="utf-8")


def test_what_is_broken_fails_and_is_named_and_what_is_not_passes(
    drill: Callable[..., Drilled], broken: Path, configs: Path
) -> None:
    failing = ("AlertmanagerFailedReload", "AipMemoryUsageHigh", "AipRecentFailureRatio", "AipConsecutiveFailures")
    drilled = drill(*failing, "AipGithubRateLimitLow", "AipExporterAbsent", "--patience", "12", tree=broken)

    assert (drilled.code, drilled.answer["failed"]) == (1, 5)
    assert drilled.of("AipGithubRateLimitLow")["delivered_to"] == ["email", "incident-history", "webhook"]
    assert drilled.of("AipExporterAbsent")["delivered_to"] == ["email", "incident-history", "slack"]
    faults = {one["alert"]: " / ".join(one["faults"]) for one in drilled.answer["drills"]}
    assert "AlertmanagerFailedReload was active while everything was healthy" in faults["AlertmanagerFailedReload"]
    assert "it did not fire within" in faults["AipMemoryUsageHigh"]
    assert "email was not told 80%" in faults["AipRecentFailureRatio"]
    assert "it fired, and slack did not get it within" in faults["AipConsecutiveFailures"]
    assert "email got it, which its labels do not say" in faults["AipGithubRateLimitLow"]
    ledger = open_ledger(load_settings(configs, {}).main.state)
    with ledger.read() as db:
        passed = [one.alert for one in queries.last_drills(db) if one.last_success_at is not None]
    ledger.close()
    assert passed == ["AipExporterAbsent"]
