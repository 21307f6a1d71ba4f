"""`aip alerts silence`: quiet for an alert, for a time, with a name and a reason."""

import time
from typing import Annotated

import typer

from processor.alerting.alertmanager_api import current_alerts
from processor.alerting.silences import create_silence, parse_duration
from processor.cli import options, screen, words
from processor.cli.alerts.audit import record_in_audit
from processor.cli.completion import offer_alerts
from processor.cli.state import act, actor, command_ledger
from processor.errors import UsageError


def silence(
    context: typer.Context,
    alert: Annotated[
        str,
        typer.Argument(metavar="ALERT", help="The alert's name, such as AipPollStale.", autocompletion=offer_alerts),
    ],
    *,
    duration: Annotated[str, typer.Option("--for", metavar="TIME", help="How long, such as 2h or 1d12h.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for colleagues and the audit.")],
    label: Annotated[
        list[str] | None, typer.Option("--label", metavar="NAME=VALUE", help="Only with this label; may be repeated.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Tell nobody of an alert for a time.

    The silence is made in Alertmanager and recorded in the audit. It holds whether the alert fires now or later.

    Example: aip alerts silence AipPollStale --for 2h --reason "GitHub is under maintenance"
    """
    matchers = {"alertname": _word(alert, "ALERT"), **dict(_label(text) for text in label or ())}
    seconds, why = parse_duration(duration), _word(reason, "--reason")
    with command_ledger(context, must_exist=False) as (settings, ledger):
        url = settings.main.alerting.alertmanager_url
        firing = [one for one in current_alerts(url) if matchers.items() <= one.labels.items()]
        now, who = time.time(), actor(context)
        made = create_silence(url, matchers, starts_at=now, ends_at=now + seconds, created_by=who, reason=why)
        named = " ".join((alert, *(label or ())))
        done = f"{named} is silent until {words.moment(now + seconds)}; `aip alerts expire {made}` ends it earlier"
        word = act(context, "alerts.silence", f"{named} {made} for {duration}", why)
        record_in_audit(ledger, word, done=done)
    if as_json:
        shown = {"silence": made, "matchers": matchers, "ends_at": now + seconds, "firing": len(firing)}
        screen.print_json(shown)
        return
    screen.say(done)
    if not firing:
        right, command = ("name and labels are", "list --json") if label else ("its name is", "list")
        screen.note(f"{named} does not fire now; see that {right} right, `aip alerts {command}` shows what fires")


def _word(text: str, what: str) -> str:
    if not text.strip():
        raise UsageError(f"{what} is empty; say it in a word or more")
    return text.strip()


def _label(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise UsageError(f"--label {text}: write it as NAME=VALUE, such as slo=latency")
    return name, value
