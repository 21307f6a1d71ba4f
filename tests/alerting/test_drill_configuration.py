"""The drill's configuration is the committed one but for durations, time intervals and how things are reached."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from processor.alerting.drill.committed import read_committed
from processor.alerting.drill.durations import divided
from processor.alerting.drill.private_configuration import (
    LEAST_SCRAPE_SECONDS,
    ReceiverAddresses,
    Target,
    channels,
    left_out,
    private_alertmanager,
    private_prometheus,
    private_rules,
)
from processor.errors import UsageError
from tests.contract.alerts import ROOT

K = 120
COMMITTED = read_committed(ROOT / "prometheus", ROOT / "alertmanager")
TARGET = Target("127.0.0.1:1234", "/here", {"service": "drilled"})
ADDRESSES = ReceiverAddresses("127.0.0.1:25", "http://127.0.0.1:80", Path("/drill/token"))
TEMPLATES = ROOT / "alertmanager"


def _differences(before: Any, after: Any, place: str = "") -> dict[str, tuple[Any, Any]]:
    """Compare two trees; where one differs, its place with both values."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [*before, *(key for key in after if key not in before)]
        parts = [_differences(before.get(key), after.get(key), f"{place}.{key}") for key in keys]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        parts = [_differences(one, other, f"{place}[]") for one, other in zip(before, after, strict=True)]
    else:
        return {} if before == after else {place: (before, after)}
    return {key: value for part in parts for key, value in part.items()}


def test_prometheus_changes_in_durations_and_addresses_only() -> None:
    after = private_prometheus(COMMITTED.prometheus, K, {"aip-exporter": [TARGET]}, "127.0.0.1:9")
    assert set(_differences(COMMITTED.prometheus, after)) == {
        ".global.scrape_interval",
        ".global.scrape_timeout",
        ".global.evaluation_interval",
        ".alerting.alertmanagers[].static_configs[].targets[]",
        ".scrape_configs[].static_configs",
        ".scrape_configs[].static_configs[].targets[]",
        ".scrape_configs[].static_configs[].labels.service",
        ".scrape_configs[].static_configs[].labels.__metrics_path__",
    }
    assert after["global"]["evaluation_interval"] == "250ms"
    assert after["global"]["scrape_interval"] == after["global"]["scrape_timeout"] == "500ms"
    assert LEAST_SCRAPE_SECONDS == 0.5
    scraped = {job["job_name"]: job["static_configs"] for job in after["scrape_configs"]}
    assert scraped["aip-exporter"] == [TARGET.static_config]
    assert scraped["aip-processor"] == scraped["prometheus"] == scraped["alertmanager"] == []


def test_rules_change_in_durations_only() -> None:
    changed: set[str] = set()
    for content in COMMITTED.rules.values():
        changed |= set(_differences(content, private_rules(content, K)))
    assert changed == {
        ".groups[].interval",
        ".groups[].rules[].expr",  # test_drill_durations.py says what changes inside
        ".groups[].rules[].for",
        ".groups[].rules[].keep_firing_for",
    }


def test_each_held_time_of_a_rule_is_divided() -> None:
    for content in COMMITTED.rules.values():
        for place, (before, after) in _differences(content, private_rules(content, K)).items():
            assert place.endswith("expr") or after == divided(before, K)


def test_no_message_of_a_rule_asks_for_a_range_of_time() -> None:
    """A query inside an annotation is not divided, so it must have nothing to divide."""
    for alert in COMMITTED.alerts:
        assert not any("query" in text and "[" in text for text in alert.annotations.values())


def test_alertmanager_changes_in_durations_intervals_and_addresses_only() -> None:
    after = private_alertmanager(COMMITTED.alertmanager, K, TEMPLATES, ADDRESSES)
    assert set(_differences(COMMITTED.alertmanager, after)) == {
        ".global.resolve_timeout",
        ".global.http_config",
        *(f".global.smtp_{name}" for name in ("smarthost", "auth_username", "auth_password_file", "require_tls")),
        ".templates[]",
        ".route.group_wait",
        ".route.group_interval",
        ".route.repeat_interval",
        *(f".route.routes[].{name}" for name in ("group_wait", "group_interval", "repeat_interval")),
        *(f".time_intervals[].time_intervals[].{name}" for name in ("weekdays", "location")),
        *(f".time_intervals[].time_intervals[].times[].{name}" for name in ("start_time", "end_time")),
        ".receivers[].slack_configs[].api_url",
        ".receivers[].slack_configs[].api_url_file",
        ".receivers[].webhook_configs[].url",
        ".receivers[].webhook_configs[].url_file",
        ".receivers[].webhook_configs[].http_config.authorization.credentials_file",
    }
    assert (after["route"]["group_wait"], after["route"]["repeat_interval"]) == ("250ms", "120000ms")
    assert channels(after) == {"email", "slack", "webhook", "incident-history", "dead-mans-switch"}


HOSTILE = """
global: {smtp_smarthost: "mail.example.com:25", slack_api_url_file: /secret, pagerduty_url: "https://pd.example.com"}
route: {receiver: pager, mute_time_intervals: [night], routes: [{receiver: mail, mute_time_intervals: [night]}]}
mute_time_intervals: [{name: night, time_intervals: [{times: [{start_time: "22:00", end_time: "24:00"}]}]}]
receivers:
  - name: pager
    pagerduty_configs: [{routing_key_file: /secret}]
    webhook_configs:
      - {url_file: /secret, http_config: {basic_auth: {username: me, password_file: /secret}}, timeout: 10s}
  - name: mail
    email_configs:
      - {to: me@example.com, smarthost: "other.example.com:25", auth_username: me, auth_password_file: /secret}
    slack_configs: [{api_url: "https://hooks.example.com/secret", channel: "#a"}]
"""
SCRAPED = """
scrape_configs:
  - {job_name: aip-exporter, scheme: https, basic_auth: {username: me, password_file: /secret}, metrics_path: /m,
     file_sd_configs: [{files: [/secret]}], static_configs: [{targets: [exporter.example.com]}]}
  - {job_name: node, ec2_sd_configs: [{region: secret}]}
alerting: {alertmanagers: [{scheme: https, tls_config: {ca_file: /secret}, timeout: 10s,
                            static_configs: [{targets: [alerts.example.com]}]}]}
remote_write: [{url: "https://secret.example.com"}]
"""


def test_nothing_of_an_installation_is_reached() -> None:
    alertmanager = private_alertmanager(yaml.safe_load(HOSTILE), K, TEMPLATES, ADDRESSES)
    prometheus = private_prometheus(yaml.safe_load(SCRAPED), K, {"aip-exporter": [TARGET]}, "127.0.0.1:9")
    del alertmanager["global"]["pagerduty_url"]  # read by nobody: there is no such receiver any more
    for text in (yaml.safe_dump(alertmanager), yaml.safe_dump(prometheus)):
        assert "secret" not in text
        assert ".example.com" not in text
        assert "night" not in text.replace("name: night", "")
    assert left_out(yaml.safe_load(HOSTILE)) == ("pagerduty_configs",)


def test_a_file_that_is_not_there_is_told_with_its_option(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"prometheus\.yml is not there; start the drill in the source tree, or name"):
        read_committed(tmp_path, ROOT / "alertmanager")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("scrape_configs: []\nrule_files: []\n", r"names no rule file that is there; see its rule_files"),
        ("scrape_configs: [\n", r"is no YAML: "),
        (
            "route: {}\n",
            r"scrape_configs is no list of jobs, each with a job_name; mend it, or name another folder with --p",
        ),
        ("scrape_configs: 7\n", r"scrape_configs is no list of jobs"),
        ("[]\n", r"scrape_configs is no list of jobs"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "prometheus.yml").write_text(text)
    with pytest.raises(UsageError, match=complaint):
        read_committed(tmp_path, ROOT / "alertmanager")


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ("groups: {}", r"rules\.yml: groups is no list of groups; mend it, or name another folder with --prometheus"),
        ("groups: [{name: a, rules: [{alert: B}]}]", r"a rule of a has no expr, or neither alert nor record"),
        (
            "groups: [{name: a, rules: [{alert: B, expr: c, for: 5 minutes}]}]",
            r"rules\.yml: for of B is '5 minutes', which is no duration such as 30s, 5m or 1h30m",
        ),
    ],
)
def test_wrong_rules_are_told(tmp_path: Path, rules: str, complaint: str) -> None:
    (tmp_path / "prometheus.yml").write_text("scrape_configs: []\nrule_files: [rules.yml]\n")
    (tmp_path / "rules.yml").write_text(rules)
    with pytest.raises(UsageError, match=complaint):
        read_committed(tmp_path, ROOT / "alertmanager")


def test_rules_are_found_by_an_absolute_path_too(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text("groups: [{name: a, rules: [{alert: B, expr: c, for: 0}]}]")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "prometheus.yml").write_text(f"scrape_configs: []\nrule_files: ['{tmp_path}/*.yml']\n")
    (alert,) = read_committed(folder, ROOT / "alertmanager").alerts
    assert (alert.name, alert.holds_seconds, alert.file) == ("B", 0, "rules.yml")


def test_a_wrong_duration_of_alertmanager_is_told() -> None:
    config = COMMITTED.alertmanager | {"route": {"group_wait": "soon"}}
    with pytest.raises(UsageError, match="group_wait: 'soon' is no duration; write it like 30s, 5m or 1h30m"):
        private_alertmanager(config, K, TEMPLATES, ADDRESSES)
