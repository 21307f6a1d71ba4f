"""The committed alerts and rules, read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "prometheus"


@dataclass(frozen=True)
class Rule:
    """A recording rule or an alert, with the file and the group it stands in."""

    file: Path
    group: dict[str, Any]
    body: dict[str, Any]

    @property
    def is_alert(self) -> bool:
        return "alert" in self.body

    @property
    def name(self) -> str:
        return str(self.body["alert"] if self.is_alert else self.body["record"])

    @property
    def expression(self) -> str:
        return str(self.body["expr"])

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.body.get("labels", {}))

    @property
    def annotations(self) -> dict[str, str]:
        return dict(self.body.get("annotations", {}))


@cache
def rules() -> tuple[Rule, ...]:
    """Give every rule, file by file."""
    return tuple(
        Rule(file, group, body)
        for file in sorted((PROMETHEUS / "rules").glob("*.yml"))
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
        for body in group["rules"]
    )


ALERTS = tuple(rule for rule in rules() if rule.is_alert)
RECORDED = tuple(rule for rule in rules() if not rule.is_alert)


@dataclass(frozen=True)
class RuleTest:
    """One look at one alert in a promtool test; `kind` is what the test's name begins with."""

    file: Path
    kind: str
    alert: str
    expected: tuple[dict[str, Any], ...]


@cache
def rule_tests() -> tuple[RuleTest, ...]:
    """Give every look at an alert in prometheus/tests."""
    return tuple(
        RuleTest(file, test["name"].partition(":")[0], look["alertname"], tuple(look.get("exp_alerts", ())))
        for file in sorted((PROMETHEUS / "tests").glob("*.test.yml"))
        for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]
        for look in test["alert_rule_test"]
    )
