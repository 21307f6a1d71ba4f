"""The committed Alertmanager configuration is valid, pleases the linter, follows the settings, and routes as meant."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from processor.alerting.configuration import configuration_files, needed_secrets, outdated_files
from processor.settings.sections import Alerting
from tests.monitoring.conftest import ROOT, Tools

FOLDER = ROOT / "alertmanager"
CONFIG = FOLDER / "alertmanager.yml"
RULES = ROOT / "prometheus" / "rules"
CHANNELS = ("email", "slack", "webhook")


def _amtool(tools: Tools, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([tools.amtool, *arguments], capture_output=True, text=True, check=False)


def test_the_committed_files_are_what_the_default_settings_give() -> None:
    outdated = outdated_files(FOLDER, configuration_files(Alerting(), "Asia/Tokyo"))
    assert outdated == (), "`aip alerts configure` in the folder of the source writes them"


def test_the_configuration_is_valid(tools: Tools) -> None:
    done = _amtool(tools, "check-config", CONFIG)
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 templates" in done.stdout


def test_the_linter_knows_nothing_to_complain_of() -> None:
    linter = Path(sys.executable).parent / "amlint"
    check = [linter, "check", "--strict", "--format", "json", "--rules", f"{RULES}/*.yml", CONFIG]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, yaml.safe_load(done.stdout)) == (0, [])


def test_no_secret_stands_in_the_configuration() -> None:
    secrets = ("smtp_auth_password:", "api_url:", "credentials:", "slack_api_url:")
    assert [word for word in secrets if word in CONFIG.read_text(encoding="utf-8")] == []
    assert set(needed_secrets(Alerting())) == {
        f"/etc/alertmanager/secrets/{name}"
        for name in ("alerts_token", "dead_mans_switch_url", "slack_url", "smtp_password", "webhook_url")
    }


def _cases() -> Iterator[Any]:
    for severity in ("critical", "high", "medium", "low"):
        for flags in range(2 ** len(CHANNELS)):
            channels = [name for place, name in enumerate(CHANNELS) if flags & (1 << place)]
            yield pytest.param(severity, channels, id=f"{severity}-{'+'.join(channels) or 'nobody'}")


def _routes_to(tools: Tools, labels: dict[str, str]) -> str:
    """Tell to which receivers an alert goes, as `a,b`."""
    given = [f"{name}={value}" for name, value in labels.items()]
    done = _amtool(tools, "config", "routes", "test", f"--config.file={CONFIG}", *given)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("severity", "channels"), list(_cases()))
def test_an_alert_goes_to_the_history_and_to_the_channels_of_its_labels(
    tools: Tools, severity: str, channels: list[str]
) -> None:
    labels = {"alertname": "AipAny", "service": "aip", "severity": severity}
    told = _routes_to(tools, labels | {f"notify_{channel}": "true" for channel in channels})
    assert told == ",".join(["incident-history", *channels])


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"alertname": "Watchdog", "severity": "none"}, "incident-history,dead-mans-switch"),
        ({"alertname": "AipHighErrorRate", "severity": "high", "notify_email": "false"}, "incident-history"),
        ({"alertname": "AipNotificationTest", "severity": "test", "notify_email": "true"}, "email"),
        ({"alertname": "AipNotificationTest", "severity": "test", "notify_slack": "true"}, "slack"),
        ({"alertname": "AipNotificationTest", "severity": "test", "notify_webhook": "true"}, "webhook"),
    ],
)
def test_a_special_alert_goes_its_own_way(tools: Tools, labels: dict[str, str], told: str) -> None:
    assert _routes_to(tools, labels) == told


def _alerts() -> Iterator[Any]:
    for file in sorted(RULES.glob("*.yml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    yield pytest.param(rule["alert"], rule["labels"], id=rule["alert"])


@pytest.mark.parametrize(("name", "labels"), list(_alerts()))
def test_every_alert_of_the_rules_reaches_the_channels_that_it_names(
    tools: Tools, name: str, labels: dict[str, str]
) -> None:
    wanted = ["dead-mans-switch"] if name == "Watchdog" else [one for one in CHANNELS if f"notify_{one}" in labels]
    assert _routes_to(tools, {"alertname": name, "service": "aip", **labels}) == ",".join(["incident-history", *wanted])


def test_a_channel_that_is_off_stays_empty_and_the_rest_is_valid(tools: Tools, tmp_path: Path) -> None:
    off = {"enabled": False}
    alerting = Alerting(email=off, slack=off, webhook=off, dead_mans_switch=off)
    (tmp_path / "alertmanager.yml").write_text(configuration_files(alerting, "UTC")["alertmanager.yml"])
    (tmp_path / "templates").symlink_to(FOLDER / "templates")
    done = _amtool(tools, "check-config", tmp_path / "alertmanager.yml")
    assert (done.returncode, done.stderr) == (0, "")
    loaded = yaml.safe_load((tmp_path / "alertmanager.yml").read_text())
    assert [set(one) for one in loaded["receivers"]] == [{"name", "webhook_configs"}, *[{"name"}] * 4]
    assert set(needed_secrets(alerting)) == {"/etc/alertmanager/secrets/alerts_token"}


def test_what_an_operator_sets_is_what_alertmanager_gets(tools: Tools, tmp_path: Path) -> None:
    alerting = Alerting(
        language="ja",
        processor_url="https://aip.example.com/",
        secrets_directory="/run/secrets",
        office_hours={"days": ["saturday"], "start": "10:30", "end": "24:00"},
        email={
            "to": ["a@example.com", "b@example.com"],
            "smtp_server": "[::1]:25",
            "smtp_user": "",
            "require_tls": False,
        },
        slack={"channel": "C0123ABCD"},
    )
    text = configuration_files(alerting, "Europe/Berlin")["alertmanager.yml"]
    (tmp_path / "alertmanager.yml").write_text(text)
    (tmp_path / "templates").symlink_to(FOLDER / "templates")
    assert _amtool(tools, "check-config", tmp_path / "alertmanager.yml").returncode == 0
    loaded = yaml.safe_load(text)
    receivers = {one["name"]: one for one in loaded["receivers"]}
    assert "smtp_auth_username" not in loaded["global"]
    assert (loaded["global"]["smtp_smarthost"], loaded["global"]["smtp_require_tls"]) == ("[::1]:25", False)
    assert "templates/words.ja.tmpl" in loaded["templates"]
    assert loaded["time_intervals"][0]["time_intervals"] == [
        {
            "weekdays": ["saturday"],
            "times": [{"start_time": "10:30", "end_time": "24:00"}],
            "location": "Europe/Berlin",
        }
    ]
    assert receivers["incident-history"]["webhook_configs"][0]["url"] == "https://aip.example.com/api/alerts"
    assert receivers["email"]["email_configs"][0]["to"] == "a@example.com, b@example.com"
    assert receivers["slack"]["slack_configs"][0]["channel"] == "C0123ABCD"
    assert receivers["slack"]["slack_configs"][0]["api_url_file"] == "/run/secrets/slack_url"
