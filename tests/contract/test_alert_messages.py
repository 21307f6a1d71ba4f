"""Alerts say how bad it is, whom to tell, what is wrong and where to read on; the handbook's three are as it says."""

import re

import pytest
import yaml

from tests.contract.alerts import ALERTS, PROMETHEUS, Rule

CONFIG = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
DASHBOARDS = {
    *("aip-operations", "aip-daily", "aip-weekly", "aip-quality", "aip-slo"),
    *("aip-resources", "aip-cost", "aip-monitoring", "aip-issues", "aip-checklists"),
}
each_alert = pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule.name)


@each_alert
def test_an_alert_says_how_bad_it_is_and_whom_to_tell(rule: Rule) -> None:
    """rule/label: severe ones go to both channels; the handbook's memory alert goes by e-mail alone."""
    labels = rule.labels
    channels = {name for name in ("notify_email", "notify_slack") if labels.get(name) == "true"}
    expected = {
        "critical": {"notify_email", "notify_slack"},
        "high": {"notify_email", "notify_slack"},
        "medium": {"notify_email"} if rule.name == "AipMemoryUsageHigh" else {"notify_slack"},
        "low": {"notify_slack"},
        "none": set(),
    }
    assert channels == expected[labels["severity"]]
    assert labels["severity"] != "none" or rule.name == "Watchdog"
    assert not any("{{" in value for value in labels.values())  # alerts/template: a changing label is a new alert
    assert set(labels) <= {"severity", "notify_email", "notify_slack", "service"}


@each_alert
def test_an_alert_explains_itself(rule: Rule) -> None:
    """alerts/annotation: a constant summary, a description with values, both in two languages, and two links."""
    said = rule.annotations
    assert set(said) == {"summary", "description", "summary_ja", "description_ja", "runbook_url", "dashboard_url"}
    assert "{{" not in said["summary"] + said["summary_ja"]
    templated = ["{{" in said[name] for name in ("description", "description_ja")]
    # What is absent has no value, and the Watchdog's is always 1.
    assert all(templated) or "absent(" in rule.expression or rule.name == "Watchdog"
    assert said["runbook_url"] == f"{{{{ $externalURL }}}}/user/runbooks/{rule.name}.html"
    link, dashboard = said["dashboard_url"].rsplit("/d/", 1)
    assert link == "{{ $externalLabels.grafana_url }}"
    assert dashboard in DASHBOARDS


def test_the_handbooks_three_keep_threshold_severity_and_channels() -> None:
    found = {rule.name: rule for rule in ALERTS if rule.file.name == "handbook.yml"}
    assert {name: {**rule.labels} for name, rule in found.items()} == {
        "AipHighErrorRate": {"severity": "high", "notify_email": "true", "notify_slack": "true"},
        "AipProcessingDelay": {"severity": "medium", "notify_slack": "true"},
        "AipMemoryUsageHigh": {"severity": "medium", "notify_email": "true"},
    }
    assert "> 0.10" in found["AipHighErrorRate"].expression
    assert found["AipProcessingDelay"].expression.endswith("> 300")
    assert found["AipMemoryUsageHigh"].expression.endswith("> 0.80")
    assert [rule.annotations["summary"] for rule in found.values()] == [
        "Error rate exceeds 10%",
        "Processing time exceeds 5 minutes",
        "Memory usage exceeds 80%",
    ]


def test_the_series_alert_is_at_80_percent_of_the_limit() -> None:
    (rule,) = [rule for rule in ALERTS if rule.name == "AipSeriesLimitNear"]
    limits = {job["sample_limit"] for job in CONFIG["scrape_configs"] if job["job_name"].startswith("aip-")}
    assert [float(rule.expression.rsplit(">", 1)[1])] == [0.8 * limit for limit in limits]


def test_alert_names_are_unique() -> None:
    """rule/duplicate: a runbook and a drill belong to one alert."""
    assert len({rule.name for rule in ALERTS}) == len(ALERTS)


@pytest.mark.parametrize(
    ("page", "at_once", "email", "comma"),
    [("monitoring.md", "at once", "e-mail", ", "), ("ja/monitoring.md", "ただちに", "メール", "、")],
)
def test_the_table_of_thresholds_has_every_alert(page: str, at_once: str, email: str, comma: str) -> None:
    document = (PROMETHEUS.parent / "docs" / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\w+)\]\(runbooks/\1\.md\) \| .+ \| (.+) \| (.+) \| (.+) \|$", document, re.MULTILINE)
    channels = {"notify_email": email, "notify_slack": "Slack"}
    assert rows == [
        (
            rule.name,
            rule.body.get("for", at_once),
            rule.labels["severity"],
            comma.join(word for label, word in channels.items() if label in rule.labels) or "—",
        )
        for rule in ALERTS
    ]
