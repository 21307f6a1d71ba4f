"""`aip capacity show`: the level of every host, and what each level starts."""

import time
from collections.abc import Mapping
from typing import Any

import typer

from processor.cli import options, screen, words
from processor.cli.state import command_ledger
from processor.operations.capacity_level import LEVELS, capacity_view


def show(context: typer.Context, *, as_json: options.Json = False) -> None:
    """Show the level of every host, and what each level starts.

    low, medium and high name the load of the hosts: under high load the least is started.

    Example: aip capacity show
    """
    with command_ledger(context, must_exist=False) as (settings, ledger), ledger.read() as db:
        shown = capacity_view(db, settings.main, time.time())
    if as_json:
        screen.print_json(shown)
    else:
        _print(shown)


def _print(shown: Mapping[str, Any]) -> None:
    override = shown["override"]
    if override is not None:
        until, by = words.moment(override["expires_at"]), override["set_by"]
        screen.say(f"{override['value']} on every host until {until}, by {by}: {override['reason']}")
    else:
        follows = "each host follows its load" if shown["level"] == "auto" else "the settings files say so"
        screen.say(f"{shown['level']}: {follows}")
    screen.say()
    rows = [
        (name, host["level"], str(host["parallel"]), words.duration(host["poll_interval_seconds"]), host["reason"])
        for name, host in shown["hosts"].items()
    ]
    if rows:
        screen.print_table(("HOST", "LOAD", "PARALLEL", "POLLS EVERY", "WHY"), rows)
        screen.say()
    else:
        screen.note("no service lives; `aip run` starts one")
    screen.print_table(
        ("LOAD", "PARALLEL", "POLLS EVERY", "STARTS"),
        [(name, *_level(shown["levels"][name])) for name in LEVELS],
    )


def _level(level: Mapping[str, Any]) -> tuple[str, str, str]:
    starts = ", ".join(level["priorities"])
    if level["then_priorities"]:
        starts += f"; then {', '.join(level['then_priorities'])}"
    return str(level["parallel"]), words.duration(level["poll_interval_seconds"]), starts
