"""`aip config history`: who changed what, when and why."""

import time
from typing import Annotated

import typer

from processor.cli import options, screen, words
from processor.cli.completion import offer_keys
from processor.cli.state import command_files
from processor.ledger import overrides as ledger_overrides
from processor.operations.settings_view import require_key
from processor.settings.keys import full_key, value_text


def history(
    context: typer.Context,
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="KEY", help="Only changes of this setting, or of those below it.", autocompletion=offer_keys
        ),
    ] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many changes.")] = 20,
    as_json: options.Json = False,
) -> None:
    """List who changed what, when and why, newest first.

    Changes at run time, their ends, and what was changed in the settings files while a service ran.

    Example: aip config history gate.minimum_score
    """
    with command_files(context) as (base, ledger), ledger.read() as db:
        found = ledger_overrides.list_changes(db, limit, full_key(key) if key else None)
    if key and not found:
        require_key(base, key)  # one that is gone may still have a history
    if as_json:
        screen.print_json({"changes": [one.__dict__ for one in found], "now": time.time()})
        return
    if not found:
        screen.say(f"{key or 'no setting'} was {'never' if key else 'ever'} changed at run time")
        return
    screen.print_table(
        ("WHEN", "WHO", "DID", "SETTING", "BEFORE", "AFTER", "UNTIL", "WHY"),
        [
            (
                words.moment(one.at), one.actor, one.action, one.key, value_text(one.before), value_text(one.after),
                words.moment(one.expires_at), one.reason,
            )
            for one in found
        ],
    )  # fmt: skip
