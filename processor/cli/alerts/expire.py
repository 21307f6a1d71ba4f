"""`aip alerts expire`: end a silence before its time."""

from typing import Annotated

import typer

from processor.alerting.silences import Silence, expire_silence, silences
from processor.cli import options, screen
from processor.cli.alerts.audit import record_in_audit
from processor.cli.state import act, command_ledger
from processor.errors import UsageError


def expire(
    context: typer.Context,
    silence: Annotated[str, typer.Argument(metavar="SILENCE", help="Its id; the beginning is enough.")],
    *,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """End a silence now.

    Example: aip alerts expire 6f1cbb2a --reason "maintenance is over"
    """
    with command_ledger(context, must_exist=False) as (settings, ledger):
        url = settings.main.alerting.alertmanager_url
        found = _find(silences(url), silence)
        expire_silence(url, found.silence_id)
        matchers = ", ".join(found.matchers)
        done = f"the silence of {matchers} has ended"
        word = act(context, "alerts.expire", f"{matchers} {found.silence_id}", reason)
        record_in_audit(ledger, word, done=done)
    if as_json:
        screen.print_json({"silence": found.silence_id, "state": "expired"})
    else:
        screen.say(done)


def _find(known: tuple[Silence, ...], beginning: str) -> Silence:
    """Find the one silence in force whose id begins so.

    Raises:
        UsageError: there is none, or more than one.
    """
    found = [one for one in known if one.state != "expired" and beginning and one.silence_id.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    many = "more than one silence" if found else "no silence in force"
    raise UsageError(f"{many} begins with {beginning!r}; `aip alerts silences` lists them")
