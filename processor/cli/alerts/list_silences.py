"""`aip alerts silences`: who silenced what, until when and why."""

from dataclasses import asdict
from typing import Annotated

import typer

from processor.alerting.silences import Silence, silences
from processor.cli import options, screen, words
from processor.cli.state import command_settings


def list_silences(
    context: typer.Context,
    *,
    is_all: Annotated[bool, typer.Option("--all", help="Also those that ended lately.")] = False,
    as_json: options.Json = False,
) -> None:
    """List the silences.

    Example: aip alerts silences --all
    """
    url = command_settings(context).main.alerting.alertmanager_url
    found = [silence for silence in silences(url) if is_all or silence.state != "expired"]
    if as_json:
        screen.print_json({"silences": [asdict(silence) for silence in found]})
        return
    screen.say(f"Silences: {len(found)}", "bold")
    if found:
        screen.print_table(("SILENCE", "STATE", "UNTIL", "BY", "ALERTS", "REASON"), [_row(one) for one in found])


def _row(silence: Silence) -> tuple[screen.Cell, ...]:
    state = screen.state_cell(silence.state)
    until = words.moment(silence.ends_at)
    return silence.silence_id, state, until, silence.created_by, ", ".join(silence.matchers), silence.reason
