"""Let promtool evaluate the committed alerts on made-up series, and read what they did."""

import random
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import yaml

from benchmarks.simulated_runs import STEP_MINUTES, Scenario

_ROOT = Path(__file__).parents[1]
_RULES = _ROOT / "prometheus" / "rules"
#: The files whose alerts are about failing runs, and the alerts in them that are about something else.
_FILES = ("outcomes.yml", "handbook.yml", "success.yml", "failures.yml")
_OTHERS = {"AipProcessingDelay", "AipMemoryUsageHigh", "AipErrorBudgetExhausted", "AipSuccessRateBelowReportTarget"}
#: The handbook's rule as it is written: the error rate of the last hour, at once, whatever it is a rate of.
_LITERAL = """
sum by (service) (aip_runs_total{outcome="error"} - aip_runs_total{outcome="error"} offset 1h)
/ (sum by (service) (aip_runs_total - aip_runs_total offset 1h) > 0) > 0.1
"""
COMMITTED, LITERAL = "committed", "literal"

#: By service and kind of rules.
Values = dict[tuple[str, str], float]


def evaluate(scenarios: Sequence[Scenario], expression: str, seed: str) -> Values:
    """Give the value of an expression at the end of the scenarios, which are of one length.

    `bench:firing` is 1 while an alert fires, else 0; `bench:found` is there from the first alert after the fault on.

    Raises:
        RuntimeError: the tools are missing, or promtool refuses the rules.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up data that is the same each time
    groups = [*_committed(), *_observing()]
    test = {
        "interval": f"{STEP_MINUTES}m",
        "input_series": [
            {"series": name, "values": values} for one in scenarios for name, values in one.series(chance).items()
        ],
        # An expectation of nothing makes promtool say what there is.
        "promql_expr_test": [{"expr": expression, "eval_time": f"{scenarios[0].days}d"}],
    }
    document = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": f"{STEP_MINUTES}m",
        "group_eval_order": [group["name"] for group in groups],
        "tests": [test],
    }
    with TemporaryDirectory(prefix="aip-bench-") as root:
        _write(Path(root) / "rules.yml", {"groups": groups})
        _write(Path(root) / "test.yml", document)
        return _read(_promtool(Path(root)))


def _committed() -> list[dict[str, Any]]:
    """Give the committed groups, without what does not concern failing runs or is longer than a simulation."""
    groups = [
        group for file in _FILES for group in yaml.safe_load((_RULES / file).read_text(encoding="utf-8"))["groups"]
    ]
    return [{**group, "rules": [_silent(rule) for rule in group["rules"] if _is_wanted(rule)]} for group in groups]


def _is_wanted(rule: dict[str, Any]) -> bool:
    labels = rule.get("labels", {})
    name = rule.get("record", "")
    is_of_another_objective = labels.get("slo") in {"latency", "rejections"} or name.startswith(("le", "service:"))
    return not is_of_another_objective and labels.get("window") != "30d" and rule.get("alert") not in _OTHERS


def _silent(rule: dict[str, Any]) -> dict[str, Any]:
    """Leave the texts out: rendering them takes longer than everything else."""
    return {key: value for key, value in rule.items() if key != "annotations"}


def _observing() -> list[dict[str, Any]]:
    """Give the literal rule, and rules that note what fires."""
    names = "|".join(rule["alert"] for group in _committed() for rule in group["rules"] if "alert" in rule)
    firing = 'max by (service) (ALERTS{{alertname=~"{}", alertstate="firing"}}) or on (service) 0 * fault'
    after_fault = "(bench:firing * on (service) group_left () fault) == 1"
    notes = [
        {"record": "bench:firing", "labels": {"by": COMMITTED}, "expr": firing.format(names)},
        {"record": "bench:firing", "labels": {"by": LITERAL}, "expr": firing.format("Literal")},
        {"record": "bench:found", "expr": f"{after_fault} or last_over_time(bench:found[{2 * STEP_MINUTES}m])"},
    ]
    return [
        {"name": "literal", "rules": [{"alert": "Literal", "expr": _LITERAL}]},
        {"name": "observing", "rules": notes},
    ]


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, width=1_000_000), encoding="utf-8")


def _promtool(folder: Path) -> str:
    tools = subprocess.run([_ROOT / "scripts" / "monitoring-tools"], capture_output=True, text=True, check=False)
    if tools.returncode != 0:
        raise RuntimeError(tools.stderr.strip())
    command = [f"{tools.stdout.strip()}/promtool", "test", "rules", "--junit=result.xml", "test.yml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    failure = ElementTree.parse(folder / "result.xml").find(".//failure")  # noqa: S314 - promtool's own words
    if failure is None or "got: " not in (failure.text or ""):
        raise RuntimeError(f"promtool said nothing of the alerts: {done.stdout}{done.stderr}")
    return str(failure.text)


def _read(text: str) -> Values:
    found = re.findall(r'\{by="(\w+)", service="([^"]+)"\} (\S+?)(?:,|$)', text.rpartition("got: ")[2])
    return {(service, kind): float(value) for kind, service, value in found}
