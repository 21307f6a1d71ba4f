"""Who is told, when, and of what not: the real Alertmanager on the configuration that the settings give."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from processor.alerting.alertmanager_api import NewAlert, send_alerts
from processor.alerting.alertmanager_http import call
from tests.certificates import make_authority
from tests.monitoring.alerting_stage import Stage, alerting_stage
from tests.monitoring.conftest import Tools
from tests.monitoring.receivers import MailServer

_ALWAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@pytest.fixture(scope="module")
def stage(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """An Alertmanager in office hours that never end."""
    hours = {"days": _ALWAYS, "start": "00:00", "end": "24:00"}
    with alerting_stage(tools, tmp_path_factory.mktemp("stage"), office_hours=hours) as running:
        yield running


def _slack(stage: Stage, name: str) -> Callable[[], list[bytes]]:
    return lambda: [post.body for post in stage.web.to("/slack") if name in post.body.decode()]


def _is_inhibited(stage: Stage, name: str) -> Callable[[], bool]:
    return lambda: (found := stage.alert(name)) is not None and found.state == "inhibited"


def test_alerts_of_one_name_come_as_one_message(stage: Stage) -> None:
    labels = {"alertname": "AipGrouped", "severity": "high", "service": "grouped", "notify_slack": "true"}
    now = time.time()
    alerts = [
        NewAlert(labels={**labels, "mountpoint": f"/{number}"}, annotations={}, starts_at=now, ends_at=now + 3600)
        for number in range(5)
    ]
    send_alerts(stage.url, alerts)
    told = stage.wait(lambda: [one for one in _slack(stage, "AipGrouped")() if "(×5)" in one.decode()], "the message")
    assert len(told) == 1
    assert len(_slack(stage, "AipGrouped")()) <= 2  # one more when a flush came between the five


def test_a_dead_processor_is_told_alone_with_the_hosts_own_alerts(stage: Stage) -> None:
    stage.fire("AipProcessorDown", "critical", notify_slack="true")
    stage.wait(_slack(stage, "AipProcessorDown"), "the critical alert")
    for name, severity in (("AipPollStale", "high"), ("AipWorkersSaturated", "low"), ("AipDiskHigh", "medium")):
        stage.fire(name, severity, notify_slack="true")
    stage.fire("AipHeartbeatStale", "critical", notify_slack="true")
    stage.wait(_slack(stage, "AipDiskHigh"), "the host's alert")
    stage.wait(_slack(stage, "AipHeartbeatStale"), "the other critical alert")
    for name in ("AipPollStale", "AipWorkersSaturated"):
        stage.wait(_is_inhibited(stage, name), f"{name} to be inhibited")
        assert _slack(stage, name)() == []


def test_another_service_is_not_inhibited(stage: Stage) -> None:
    stage.fire("AipProcessorDown", "critical", notify_slack="true")
    stage.fire("AipElsewhere", notify_slack="true", service="other")
    stage.wait(_slack(stage, "AipElsewhere"), "the alert of another service")


def test_after_a_restore_alerts_on_differences_are_not_told_and_all_others_are(stage: Stage) -> None:
    stage.fire("AipTotalsMoved", "high", notify_slack="true", service="restored")
    stage.wait(_slack(stage, "AipTotalsMoved"), "the word of the restore")
    for name in ("AipNoSuccessWithBacklog", "AipSuccessRateBurnFast", "AipQueueOldestTooOld"):
        stage.fire(name, "high", notify_slack="true", service="restored")
    stage.wait(_slack(stage, "AipQueueOldestTooOld"), "the alert that looks at no difference")
    for name in ("AipNoSuccessWithBacklog", "AipSuccessRateBurnFast"):
        stage.wait(_is_inhibited(stage, name), f"{name} to be inhibited")
        assert _slack(stage, name)() == []


@pytest.mark.parametrize(
    ("source", "targets"),
    [("BurnFast", ("BurnSlow", "BurnTicket")), ("BurnSlow", ("BurnTicket",))],
)
def test_the_faster_burn_hides_the_slower_one_of_the_same_objective(
    stage: Stage, source: str, targets: tuple[str, ...]
) -> None:
    objective = f"of-{source}"
    stage.fire(f"AipAny{source}", "critical", slo=objective, notify_slack="true", service="burning")
    for target in targets:
        stage.fire(f"AipAny{target}", "critical", slo=objective, notify_slack="true", service="burning")
        stage.fire(f"AipOther{target}", "critical", slo=f"not-{target}", notify_slack="true", service="burning")

    def states() -> dict[str, str]:
        found = call(stage.url, "GET", f'/api/v2/alerts?filter=slo="{objective}"')
        return {one["labels"]["alertname"]: one["status"]["state"] for one in found}

    wanted = {f"AipAny{source}": "active", **{f"AipAny{target}": "suppressed" for target in targets}}
    stage.wait(lambda: states() == wanted, f"{wanted}")
    for target in targets:
        stage.wait(lambda target=target: stage.alert(f"AipOther{target}"), "the alert of another objective")
        assert stage.alert(f"AipOther{target}").state == "firing"


def test_severity_low_is_told_in_office_hours(stage: Stage) -> None:
    stage.fire("AipLowInHours", "low", notify_slack="true", notify_email="true", service="low")
    stage.wait(_slack(stage, "AipLowInHours"), "the Slack message")
    stage.wait(lambda: [mail for mail in stage.mail.mails if b"AipLowInHours" in mail.content], "the e-mail")


def test_severity_low_waits_outside_of_office_hours(tools: Tools, tmp_path: Path) -> None:
    today = datetime.now(ZoneInfo("Asia/Tokyo"))
    far_day = (today + timedelta(days=3)).strftime("%A").lower()
    with alerting_stage(tools, tmp_path, office_hours={"days": [far_day]}) as stage:
        stage.fire("AipLowAtNight", "low", notify_slack="true", notify_email="true", notify_webhook="true")
        stage.fire("AipMediumAtNight", "medium", notify_slack="true", notify_email="true", notify_webhook="true")

        stage.wait(lambda: (low := stage.alert("AipLowAtNight")) and low.state == "muted", "the alert to be muted")
        low, medium = stage.alert("AipLowAtNight"), stage.alert("AipMediumAtNight")
        assert (low.receivers, low.muted_by) == (("email", "incident-history", "slack", "webhook"), ("office-hours",))
        assert medium.state == "firing"
        stage.wait(_slack(stage, "AipMediumAtNight"), "the alert of severity medium")
        assert _slack(stage, "AipLowAtNight")() == []
        assert [mail for mail in stage.mail.mails if b"AipLowAtNight" in mail.content] == []


def test_every_alert_comes_to_the_processor_with_the_token(stage: Stage) -> None:
    stage.fire("AipForNobody", "medium", service="quiet")

    def posts() -> list[dict[str, str]]:
        return [post.headers for post in stage.web.to("/api/alerts") if b"AipForNobody" in post.body]

    (headers, *_) = stage.wait(posts, "the notification")
    assert headers["Authorization"] == "Bearer open-sesame"


def test_the_watchdog_beats_at_the_dead_mans_switch_and_nowhere_else(tools: Tools, tmp_path: Path) -> None:
    with alerting_stage(tools, tmp_path, repeat="900ms") as stage:
        stage.fire("Watchdog", "none")
        stage.wait(lambda: len(stage.web.to("/dead_mans_switch")) >= 2, "a second beat")
        beats = [json.loads(post.body) for post in stage.web.to("/dead_mans_switch")]
        assert {beat["alerts"][0]["labels"]["alertname"] for beat in beats} == {"Watchdog"}
        assert (stage.web.to("/slack"), stage.web.to("/webhook"), stage.mail.mails) == ([], [], [])


def test_a_mail_server_that_wants_tls_and_a_login_gets_both(tools: Tools, tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(authority / "server.pem")
    server = MailServer(tls=tls, password="correct horse")
    settings = {"smtp_server": f"127.0.0.1:{server.port}", "smtp_user": "aip", "ca_file": str(authority / "ca.pem")}
    with alerting_stage(tools, tmp_path / "stage", mail_server=server, email=settings) as stage:
        stage.fire("AipByMail", notify_email="true")
        (mail, *_) = stage.wait(lambda: stage.mail.mails, "the e-mail")
    assert (mail.sender, mail.to) == ("auto-issue-processor@example.com", ("ops-team@example.com",))
    assert b"AipByMail" in mail.content
