"""What a drill reads from the messages that people get; the golden files are what a real Alertmanager rendered."""

import email.message
import json
import smtplib
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from processor.alerting.drill.messages import mail_message, slack_message, webhook_message
from processor.alerting.drill.receivers import receiving
from tests.contract.alerts import ROOT

GOLDEN = ROOT / "tests" / "testdata" / "alertmanager"
ALERTS = ("AipCpuHigh", "AipDiskHigh", "AipHighErrorRate")
each_message = pytest.mark.parametrize(
    ("language", "alert", "status"),
    [
        (language, alert, status)
        for language in ("en", "ja")
        for alert in ("AipDiskHigh", "AipHighErrorRate")
        for status in ("firing", "resolved")
    ],
)


def _mail(subject: str, text: str) -> bytes:
    mail = email.message.EmailMessage()
    mail["Subject"] = subject
    mail.set_content(text)
    mail.add_alternative("<b>AipCpuHigh</b>", subtype="html")
    return mail.as_bytes()


@each_message
def test_a_mail_is_read(language: str, alert: str, status: str) -> None:
    subject, text = (
        (GOLDEN / language / f"{alert}.{status}.{kind}").read_text(encoding="utf-8") for kind in ("subject", "txt")
    )
    read = mail_message(_mail(subject.strip(), text), 7.0, ALERTS)
    assert (read.channel, read.at, read.alert, read.drill) == ("email", 7.0, alert, None)
    assert read.is_over == (status == "resolved")
    assert "80%" in read.text or "10%" in read.text


@each_message
def test_a_slack_message_is_read(language: str, alert: str, status: str) -> None:
    read = slack_message((GOLDEN / language / f"{alert}.{status}.slack.json").read_bytes(), 7.0, ALERTS)
    assert (read.channel, read.alert, read.drill) == ("slack", alert, None)
    assert read.is_over == (status == "resolved")
    assert "&gt;" not in read.text  # as people see it


@pytest.mark.parametrize("status", ["firing", "resolved"])
def test_a_webhook_is_read(status: str) -> None:
    read = webhook_message("webhook", (GOLDEN / f"AipDiskHigh.{status}.json").read_bytes(), 7.0, ALERTS)
    assert (read.channel, read.alert) == ("webhook", "AipDiskHigh")
    assert read.is_over == (status == "resolved")
    assert "severity=medium" in read.text


@pytest.mark.parametrize("text", ["drill-AipCpuHigh:aip-exporter is busy", "drill-AipCpuHighは高負荷です"])
def test_a_message_is_known_by_the_service_that_it_names(text: str) -> None:
    read = mail_message(_mail("[AUTO-ISSUE] HIGH: AipDiskHigh - full", text), 0.0, ALERTS)
    assert (read.alert, read.drill) == ("AipDiskHigh", "AipCpuHigh")


def test_the_receivers_take_mail_as_it_was_sent(tmp_path: Path) -> None:
    text = "AipDiskHigh\n.a line that begins with a dot\n" + "x" * 70 + "\nend"
    with receiving(tmp_path, ALERTS) as receivers:
        host, port = receivers.addresses.smtp.split(":")
        with smtplib.SMTP(host, int(port), timeout=60) as client:
            for subject in ("AipDiskHigh", "AipCpuHigh"):
                client.sendmail("a@example.com", ["b@example.com"], _mail(subject, text))
            assert client.docmd("STARTTLS")[0] == 502
    assert [message.alert for message in receivers.messages] == ["AipDiskHigh", "AipCpuHigh"]
    assert ".a line that begins with a dot\n" in receivers.messages[0].text.replace("\r\n", "\n")


def test_the_incident_history_wants_its_token(tmp_path: Path) -> None:
    body = (GOLDEN / "AipDiskHigh.firing.json").read_bytes()
    with receiving(tmp_path, ALERTS) as receivers:
        url = f"{receivers.addresses.http}/incident-history"
        with pytest.raises(urllib.error.HTTPError, match="401") as refused:
            urllib.request.urlopen(urllib.request.Request(url, body), timeout=60)  # noqa: S310  # loopback
        refused.value.close()
        shown = {"Authorization": f"Bearer {receivers.addresses.token_file.read_text()}"}
        urllib.request.urlopen(urllib.request.Request(url, body, shown), timeout=60).close()  # noqa: S310  # loopback
    assert (receivers.refused, len(receivers.messages)) == (1, 1)
    assert json.loads(body)["groupLabels"]["alertname"] == receivers.messages[0].alert
