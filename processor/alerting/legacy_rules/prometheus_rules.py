"""Turn old rules into a Prometheus rules file whose labels the shipped Alertmanager routes obey."""

from collections.abc import Iterable
from typing import Any

import yaml

from processor.alerting.legacy_rules.condition import names_in
from processor.alerting.legacy_rules.names import NAMES
from processor.alerting.legacy_rules.promql import write
from processor.alerting.legacy_rules.rules_file import LegacyRule, alert_name

_GROUP = "aip.imported"
_HEAD = """\
# Made by `aip alerts import`; change the old file and import again, or keep this one and change it by hand.
# Rates have no value while fewer issues were processed than they need, so that one failure of one issue is silent.
"""


def rules_file(rules: Iterable[LegacyRule], hold_minutes: int) -> str:
    """Write the text of the rules file; a condition must hold that long before the alert fires."""
    group = {"name": _GROUP, "rules": [alerting_rule(rule, hold_minutes) for rule in rules]}
    return _HEAD + yaml.safe_dump({"groups": [group]}, sort_keys=False, allow_unicode=True, width=120)


def alerting_rule(rule: LegacyRule, hold_minutes: int) -> dict[str, Any]:
    """Make one alerting rule; channels become the labels that the routes look at."""
    labels = {"severity": rule.severity, "origin": "imported"}
    for channel in rule.channels:
        labels[f"notify_{channel}"] = "true"
    name = alert_name(rule.name)
    return {
        "alert": name,
        "expr": write(rule.condition, {known: NAMES[known].promql for known in names_in(rule.condition)}),
        "for": f"{hold_minutes}m",
        "labels": labels,
        "annotations": {
            "summary": _literal(rule.message),
            "description": f"{_literal(rule.condition_text)} holds; the value is {{{{ $value | humanize }}}}",
            "runbook_url": "{{ $externalURL }}/user/runbooks/Imported.html",
            "dashboard_url": "{{ $externalLabels.grafana_url }}/d/aip-operations",
        },
    }


def _literal(text: str) -> str:
    # An annotation is a template; a text from a file is none.
    return text.replace("{{", '{{ "{{" }}')
