"""The messages that people get, byte for byte, firing and resolved, in both languages.

The golden files are under tests/testdata/alertmanager. After a change of the templates,
`WRITE_GOLDEN_FILES=1 pytest tests/monitoring/test_messages.py` writes them anew; look at the difference, then keep it.
"""

import email
import email.policy
import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from processor.alerting.alertmanager_api import NewAlert, send_alerts
from tests.monitoring.alerting_stage import Stage, alerting_stage
from tests.monitoring.conftest import ROOT, Tools

GOLDEN = ROOT / "tests" / "testdata" / "alertmanager"
TEMPLATES = ROOT / "alertmanager" / "templates"
BEGAN, ENDED, FAR_AHEAD = 1767315723.0, 1767319865.0, 4102444800.0  # 2 January 2026, 10:02 and 11:11 JST; 2100
ALERTS = json.loads((GOLDEN / "alerts.json").read_text(encoding="utf-8"))
LANGUAGES = ("en", "ja")
GROUPS = {"AipHighErrorRate": 1, "AipDiskHigh": 2}  # how many alerts are in one message
STATUSES = ("firing", "resolved")


@dataclass(frozen=True)
class Told:
    """What a real Alertmanager delivered in one language."""

    language: str
    stage: Stage

    def mail(self, group: str, status: str) -> EmailMessage | None:
        """Find the e-mail of a whole group."""
        found = [email.message_from_bytes(mail.content, policy=email.policy.default) for mail in self.stage.mail.mails]
        return next((mail for mail in found if _is_of(mail["Subject"], mail["Subject"], group, status)), None)

    def slack(self, group: str, status: str) -> Any:
        """Find the Slack message of a whole group."""
        found = [json.loads(post.body) for post in self.stage.web.to("/slack")]
        attachments = [one["attachments"][0] for one in found]
        places = [
            place for place, one in enumerate(attachments) if _is_of(one["fallback"], one["title"], group, status)
        ]
        return found[places[0]] if places else None

    def webhook(self, group: str, status: str) -> Any:
        """Find the webhook's payload of a whole group."""
        found = [json.loads(post.body) for post in self.stage.web.to("/webhook")]
        wanted = (group, status, GROUPS[group])
        keys = [(one["groupLabels"]["alertname"], one["status"], len(one["alerts"])) for one in found]
        return found[keys.index(wanted)] if wanted in keys else None

    def is_complete(self, status: str) -> bool:
        """Tell whether every message of a status has come."""
        channels = (self.mail, self.slack, self.webhook)
        return all(channel(group, status) is not None for channel in channels for group in GROUPS)


def _is_of(name: str, title: str, group: str, status: str) -> bool:
    is_whole = GROUPS[group] == 1 or f"(×{GROUPS[group]})" in title
    return group in name and is_whole and any(word in title for word in ("RESOLVED", "解消")) is (status == "resolved")


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request: pytest.FixtureRequest, tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with alerting_stage(tools, tmp_path_factory.mktemp("stage"), language=request.param) as stage:
        messages = Told(request.param, stage)
        for status, ends_at in (("firing", FAR_AHEAD), ("resolved", ENDED)):
            send_alerts(stage.url, [NewAlert(**alert, starts_at=BEGAN, ends_at=ends_at) for alert in ALERTS])
            stage.wait(partial(messages.is_complete, status), f"the messages of everything {status}")
        yield messages


def _compare(name: str, found: bytes) -> None:
    """Compare with a golden file, or write it when that is asked for."""
    if os.environ.get("WRITE_GOLDEN_FILES"):
        (GOLDEN / name).parent.mkdir(exist_ok=True)
        (GOLDEN / name).write_bytes(found)
    assert found.decode() == (GOLDEN / name).read_bytes().decode()


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("group", GROUPS)
def test_the_email_that_is_delivered(told: Told, group: str, status: str) -> None:
    mail = told.mail(group, status)
    assert mail is not None
    assert (mail["From"], mail["To"]) == ("auto-issue-processor@example.com", "ops-team@example.com")
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for part, ending in ((mail["Subject"], "subject"), (plain.get_content(), "txt"), (html.get_content(), "html")):
        text = str(part).replace("\r\n", "\n")
        _compare(f"{told.language}/{group}.{status}.{ending}", text.encode())


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("group", GROUPS)
def test_the_slack_message_that_is_delivered(told: Told, group: str, status: str) -> None:
    _compare(f"{told.language}/{group}.{status}.slack.json", _indented(told.slack(group, status)))


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("group", GROUPS)
def test_the_webhook_payload_that_is_delivered(told: Told, group: str, status: str) -> None:
    payload = told.webhook(group, status)
    payload.pop("notification_reason", None)  # new in 0.32, and another when a flush came between two alerts
    _compare(f"{group}.{status}.json", _indented(payload))


def _indented(body: object) -> bytes:
    return (json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode()


def _render(tools: Tools, language: str, template: str, group: str, status: str) -> str:
    """Render a template with amtool, from the payload that Alertmanager delivered."""
    globs = [
        f"--template.glob={TEMPLATES}/{name}.tmpl"
        for name in (f"words.{language}", "zone", "message", "email", "slack")
    ]
    kind = "html" if template.endswith(".html") else "text"
    data = GOLDEN / f"{group}.{status}.json"
    command = [tools.amtool, "template", "render", *globs, f"--template.type={kind}", f"--template.data={data}"]
    text = f'{{{{ template "{template}" . }}}}'
    done = subprocess.run([*command, f"--template.text={text}"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_templates_render_to_the_golden_files(tools: Tools, language: str, group: str, status: str) -> None:
    golden = GOLDEN / language / f"{group}.{status}"
    for template, ending in (("aip.email.subject", "subject"), ("aip.email.text", "txt"), ("aip.email.html", "html")):
        wanted = Path(f"{golden}.{ending}").read_text(encoding="utf-8")
        assert _render(tools, language, template, group, status).rstrip("\n") == wanted.rstrip("\n")
    (attachment,) = json.loads(Path(f"{golden}.slack.json").read_text(encoding="utf-8"))["attachments"]
    for field in ("title", "text", "fallback", "color"):
        assert _render(tools, language, f"aip.slack.{field}", group, status) == attachment[field]


def test_both_languages_have_the_same_words() -> None:
    names = [
        re.findall(r'define "([^"]+)"', (TEMPLATES / f"words.{language}.tmpl").read_text(encoding="utf-8"))
        for language in LANGUAGES
    ]
    assert names[0] == names[1]
