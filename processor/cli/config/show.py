"""`aip config show` and `aip config diff`."""

import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from processor.cli import options, screen, words
from processor.cli.completion import offer_keys
from processor.cli.state import command_files
from processor.ledger import overrides as ledger_overrides
from processor.ledger.overrides import Override
from processor.operations.overlay import Overlaid, in_force, overlay
from processor.operations.settings_view import differences_view, settings_view
from processor.settings.keys import value_text
from processor.settings.load import Loaded

Key = Annotated[
    str | None, typer.Argument(metavar="KEY", help="One key, or the beginning of several.", autocompletion=offer_keys)
]


def show(context: typer.Context, key: Key = None, *, as_json: options.Json = False) -> None:
    """Show the settings in force and where each comes from.

    Without a key, every setting that is no default. What cannot be changed at run time is marked.

    Example: aip config show gate.minimum_score
    """
    _base, laid, standing = _read(context)
    shown = settings_view(laid, standing, key)
    if as_json:
        screen.print_json(shown)
        return
    screen.print_table(
        ("SETTING", "AT RUN TIME", "FROM", "VALUE"),
        [(row["key"], row["at_run_time"], _origin(row), value_text(row["value"])) for row in shown["settings"]],
    )
    for name in shown["left_out"]:
        screen.say(f"{name} is changed in vain: it does not go with the settings files any more", "yellow")


def diff(context: typer.Context, *, as_json: options.Json = False) -> None:
    """Compare what is in force with what the files say.

    Each setting that was changed at run time is shown with both values, who changed it, why, and until when.

    Example: aip config diff
    """
    rows = differences_view(*_read(context))
    if as_json:
        screen.print_json({"differences": rows})
        return
    if not rows:
        screen.say("nothing was changed at run time; the settings files are in force")
    for row in rows:
        screen.say(
            f"{row['key']}: {value_text(row['file'])} -> {value_text(row['value'])} "
            f"until {words.moment(row['expires_at'])}, by {row['set_by']}: {row['reason']}"
            f"{'' if row['has_effect'] else ' (without effect here)'}"
        )


def _read(context: typer.Context) -> tuple[Loaded, Overlaid, tuple[Override, ...]]:
    with command_files(context, must_exist=False) as (base, ledger), ledger.read() as db:
        standing = in_force(ledger_overrides.list_overrides(db), time.time())
    return base, overlay(base, standing), standing


def _origin(row: Mapping[str, Any]) -> str:
    if row["set_by"] is not None:
        return f"{row['set_by']} until {words.moment(row['expires_at'])}"
    return f"{row['file']}:{row['line']}" if row["line"] else row["file"] or row["layer"]
