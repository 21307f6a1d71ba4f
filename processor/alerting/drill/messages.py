"""Read what came over the channels: which alert, begun or over, and whose drill it belongs to. Pure."""

import email
import email.policy
import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Each drilled alert has a service of this name; what a message says of itself is found by it.
SERVICE_PREFIX = "drill-"
EMAIL, SLACK, HISTORY, DEAD_MANS_SWITCH = "email", "slack", "incident-history", "dead-mans-switch"
#: How the templates begin a message of an alert that is over, in their two languages.
_OVER = ("RESOLVED", "解消")
# Japanese text may follow a name without a blank, and its signs would be part of a word otherwise.
_SERVICE = re.compile(rf"{SERVICE_PREFIX}(\w+)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message that came at the Unix time `at`.

    `drill` is the alert whose drill it names; None when it names none.
    """

    channel: str
    at: float
    alert: str
    drill: str | None
    is_over: bool
    text: str


def mail_message(content: bytes, at: float, alerts: Iterable[str]) -> Message:
    """Read an e-mail."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    parts = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"]
    subject = str(mail["subject"])
    text = "\n".join([subject, *parts])
    return _message(EMAIL, at, text, alerts, is_over=any(word in subject for word in _OVER))


def slack_message(body: bytes, at: float, alerts: Iterable[str]) -> Message:
    """Read a post to Slack's incoming webhook."""
    attachment = json.loads(body)["attachments"][0]
    title = attachment.get("title", "")
    text = "\n".join([title, attachment.get("text", ""), attachment.get("fallback", "")])
    return _message(SLACK, at, html.unescape(text), alerts, is_over=any(word in title for word in _OVER))


def webhook_message(channel: str, body: bytes, at: float, alerts: Iterable[str]) -> Message:
    """Read a post in the form of Alertmanager's webhook, version 4."""
    post = json.loads(body)
    told = [pair for alert in post["alerts"] for part in ("labels", "annotations") for pair in alert[part].items()]
    text = "\n".join(f"{name}={value}" for name, value in told)
    return _message(channel, at, text, [post["groupLabels"]["alertname"], *alerts], is_over=post["status"] != "firing")


def _message(channel: str, at: float, text: str, alerts: Iterable[str], *, is_over: bool) -> Message:
    found = [(place.start(), name) for name in dict.fromkeys(alerts) if (place := _word(name).search(text))]
    service = _SERVICE.search(text)
    return Message(
        channel=channel,
        at=at,
        alert=min(found)[1] if found else "",
        drill=service[1] if service else None,
        is_over=is_over,
        text=text,
    )


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!{SERVICE_PREFIX})\b{re.escape(name)}\b", re.ASCII)
