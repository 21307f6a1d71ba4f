"""Send one test notification through a channel of the running Alertmanager, and see whether it was delivered.

The way is the real one: an alert, the committed route for tests, the channel's own receiver. Alertmanager does not tell
what became of a notification, but it counts: attempts and failed attempts by kind of channel.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yaml

from processor.alerting.alertmanager_api import NewAlert, configuration_in_force, own_counters, send_alerts
from processor.errors import UsageError

TEST_ALERT = "AipNotificationTest"
_ROUTE = 'severity="test"'
#: The all-clear follows the test message, so that both are seen.
_LASTS_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.25
_ATTEMPTS = "alertmanager_notification_requests_total"
_FAILURES = "alertmanager_notification_requests_failed_total"


class Channel(StrEnum):
    """A way to tell people; also the name of its receiver and the kind of its integration."""

    EMAIL = "email"
    SLACK = "slack"
    WEBHOOK = "webhook"


class Verdict(StrEnum):
    """What became of a test notification."""

    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"  #: Alertmanager counts other receivers of this kind together with the one under test
    FAILED = "failed"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How the test of one channel ended."""

    channel: Channel
    verdict: Verdict
    detail: str


@dataclass(frozen=True)
class _Counts:
    attempts: float
    failures: float


def send_test(url: str, channel: Channel, *, actor: str, limit_seconds: float) -> Delivery:
    """Send a test notification and wait until Alertmanager has delivered it or failed.

    Raises:
        NetworkError: no Alertmanager answers at `url`.
        UsageError: its configuration has no such channel, or no route for tests.
    """
    receivers = _receivers(configuration_in_force(url), channel)
    before, is_exact = _counts(url, channel, receivers)
    now = time.time()
    labels, annotations = _message(channel, actor)
    alert = NewAlert(labels=labels, annotations=annotations, starts_at=now, ends_at=now + _LASTS_SECONDS)
    send_alerts(url, [alert])
    after = _wait(lambda: _counts(url, channel, receivers)[0], before, limit_seconds)
    return _judge(channel, _target(receivers[channel], channel), before, after, limit_seconds, is_exact=is_exact)


def _receivers(configuration: str, channel: Channel) -> Mapping[str, Mapping[str, Any]]:
    """Find the receivers of a kind by name.

    Raises:
        UsageError: the channel is not among them, or tests have no route.
    """
    remedy = "write it with `aip alerts configure` and have Alertmanager read it again"
    loaded = yaml.safe_load(configuration)
    kind = f"{channel}_configs"
    found = {one["name"]: one[kind][0] for one in loaded.get("receivers", ()) if one.get(kind)}
    if channel not in found:
        raise UsageError(f"Alertmanager's configuration sends nothing by {channel}; {remedy}")
    if _ROUTE not in configuration:
        raise UsageError(f"Alertmanager's configuration has no route for tests ({_ROUTE}); {remedy}")
    return found


def _message(channel: Channel, actor: str) -> tuple[dict[str, str], dict[str, str]]:
    labels = {
        "alertname": TEST_ALERT,
        "severity": "test",
        "service": "aip",
        f"notify_{channel}": "true",
        "test": secrets.token_hex(4),  # or Alertmanager would take a second test for the first, and be silent
    }
    command = f"aip alerts test --{channel}"
    annotations = {
        "summary": "This is a test, nothing is wrong",
        "summary_ja": "これはテストです。異常はありません",
        "description": f"{actor} sent it with `{command}`. An all-clear follows within a minute.",
        "description_ja": f"{actor} が `{command}` で送信しました。1 分以内に解消の通知が届きます。",
    }
    return labels, annotations


def _counts(url: str, channel: Channel, receivers: Mapping[str, Any]) -> tuple[_Counts, bool]:
    """Count attempts and failures; True when those of other receivers are not among them."""
    rows = [row for row in own_counters(url, (_ATTEMPTS, _FAILURES)) if row[1]["integration"] == channel]
    named = [row for row in rows if row[1].get("receiver_name") == channel]
    counted = named or rows
    attempts = sum(value for name, _, value in counted if name == _ATTEMPTS)
    failures = sum(value for name, _, value in counted if name == _FAILURES)
    return _Counts(attempts, failures), bool(named) or len(receivers) == 1


def _wait(read: Callable[[], _Counts], before: _Counts, limit_seconds: float) -> _Counts:
    deadline = time.monotonic() + limit_seconds
    while (seen := read()).attempts == before.attempts and time.monotonic() < deadline:
        time.sleep(_LOOK_AGAIN_SECONDS)
    if seen.attempts > before.attempts:
        time.sleep(_LOOK_AGAIN_SECONDS)  # an attempt is counted a moment before its failure is
        seen = read()
    return seen


def _judge(
    channel: Channel, target: str, before: _Counts, after: _Counts, limit_seconds: float, *, is_exact: bool
) -> Delivery:
    attempts, failures = after.attempts - before.attempts, after.failures - before.failures
    if attempts == 0:
        detail = f"Alertmanager made no attempt within {limit_seconds:g} s; is a silence or an inhibition in the way?"
        return Delivery(channel=channel, verdict=Verdict.NOT_TRIED, detail=detail)
    if failures:
        detail = (
            f"{failures:g} of {attempts:g} attempts failed ({target}); Alertmanager's log says why, and it tries on"
        )
        return Delivery(channel=channel, verdict=Verdict.FAILED, detail=detail)
    if not is_exact:
        detail = (
            f"Alertmanager sent {attempts:g} by {channel} and none failed, but it counts all receivers of this kind "
            "together; start it with --enable-feature=receiver-name-in-metrics to tell them apart"
        )
        return Delivery(channel=channel, verdict=Verdict.UNCERTAIN, detail=detail)
    return Delivery(channel=channel, verdict=Verdict.DELIVERED, detail=target)


def _target(receiver: Mapping[str, Any], channel: Channel) -> str:
    """Say where the channel leads, as far as that is no secret."""
    if channel is Channel.EMAIL:
        return f"to {receiver['to']}"
    if channel is Channel.SLACK:
        return f"to {receiver.get('channel', 'the channel of the webhook')}"
    return f"to the address in {receiver['url_file']}" if "url_file" in receiver else "to its address"
