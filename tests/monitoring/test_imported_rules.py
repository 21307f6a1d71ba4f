"""Imported rules are rules that Prometheus takes, and they fire on the product's own metrics."""

import subprocess
from pathlib import Path

import pytest
import yaml

from processor.alerting.legacy_rules.names import NAMES, SHIPPED
from processor.alerting.legacy_rules.prometheus_rules import rules_file
from processor.alerting.legacy_rules.rules_file import read_rules
from tests.monitoring.conftest import ROOT

SHIPPED_RULES = ROOT / "prometheus" / "rules"
#: One condition for each name, true for what `_series` gives; the value that Prometheus then shows.
TRUE = {
    "error_rate > 0.1": 0.5,
    "success_rate < 80": 50.0,
    "total_processed >= 20": 20.0,
    "avg_processing_time > 300": 400.0,
    "memory_percent > 80": 90.0,
    "cpu_percent > 60": 70.0,
    "disk_usage > 80": 95.0,
    "load_average * 2 > 7": 8.0,
    "not (error_rate <= 0.1) and total_processed > 0": 0.5,
}


@pytest.fixture
def imported(tmp_path) -> Path:
    old = tmp_path / "alert_rules.yaml"
    rules = [
        {"name": f"rule {place}", "condition": text, "severity": "low", "message": "m", "channels": ["slack"]}
        for place, text in enumerate(TRUE)
    ]
    old.write_text(yaml.safe_dump({"rules": rules}))
    made = tmp_path / "imported.yml"
    made.write_text(rules_file(read_rules(old, NAMES), hold_minutes=5))
    return made


def test_every_name_has_a_condition_here():
    assert {name for name in NAMES if any(name in text for text in TRUE)} == set(NAMES)


def test_promtool_has_no_complaint(tools, imported):
    command = [tools.promtool, "check", "rules", "--lint=all", "--lint-fatal", imported]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_each_name_fires_with_the_value_in_the_old_unit(tools, imported, tmp_path):
    made = yaml.safe_load(imported.read_text())["groups"][0]["rules"]
    expected = [
        {"expr": rule["expr"], "eval_time": "2h", "exp_samples": [{"labels": '{service="aip"}', "value": value}]}
        for rule, value in zip(made, TRUE.values(), strict=True)
    ]
    _promtool_test(tools, imported, tmp_path, _series(runs=20, errors=10), expected)


def test_a_rate_of_few_issues_is_silent(tools, imported, tmp_path):
    made = yaml.safe_load(imported.read_text())["groups"][0]["rules"]
    rates = [rule for rule in made if 'slo="errors"' in rule["expr"] or "success_rate" in str(rule)]
    expected = [{"expr": rule["expr"], "eval_time": "2h", "exp_samples": []} for rule in rates]
    assert len(expected) == 3
    _promtool_test(tools, imported, tmp_path, _series(runs=2, errors=1), expected)


def test_the_alerts_named_as_the_same_are_shipped():
    shipped = {
        rule.get("alert")
        for file in SHIPPED_RULES.glob("*.yml")
        for group in yaml.safe_load(file.read_text())["groups"]
        for rule in group["rules"]
    }
    assert set(SHIPPED.values()) <= shipped


def _promtool_test(tools, imported: Path, folder: Path, series: dict[str, str], expected: list[dict]) -> None:
    test = {
        "rule_files": [*map(str, sorted(SHIPPED_RULES.glob("*.yml"))), str(imported)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "promql_expr_test": expected,
            }
        ],
    }
    file = folder / "test.yml"
    file.write_text(yaml.safe_dump(test))
    done = subprocess.run([tools.promtool, "test", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _series(runs: int, errors: int) -> dict[str, str]:
    """Give two hours in which everything happened in the middle: runs of 400 s each, some in error."""
    exporter = 'instance="e", job="aip-exporter", service="aip"'

    def jump(to: float) -> str:
        return f"0x60 {to}x60"

    def level(value: float) -> str:
        return f"{value}x120"

    return {
        f'aip_runs_total{{repository="o/r", priority="high", outcome="success", {exporter}}}': jump(runs - errors),
        f'aip_runs_total{{repository="o/r", priority="high", outcome="error", {exporter}}}': jump(errors),
        f'aip_run_duration_seconds_sum{{outcome="success", {exporter}}}': jump(400 * runs),
        f'aip_run_duration_seconds_count{{outcome="success", {exporter}}}': jump(runs),
        f"aip_host_memory_usage_ratio{{{exporter}}}": level(0.9),
        f"aip_host_cpu_usage_ratio{{{exporter}}}": level(0.7),
        f'aip_host_disk_usage_ratio{{mountpoint="/", {exporter}}}': level(0.5),
        f'aip_host_disk_usage_ratio{{mountpoint="/data", {exporter}}}': level(0.95),
        f"aip_host_load1{{{exporter}}}": level(4),
    }
