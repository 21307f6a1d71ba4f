"""`aip backup list`: the backups there are."""

import typer

from processor.cli import options, screen, words
from processor.cli.backup.places import site_alone
from processor.cli.backup.shown import as_json as shown_json
from processor.cli.backup.shown import size, state_of
from processor.cli.state import command_settings


def list_backups(context: typer.Context, *, as_json: options.Json = False) -> None:
    """List the backups there are, newest first.

    What was cut short while it was made is not among them.

    Example: aip backup list
    """
    store = site_alone(context, command_settings(context)).store
    entries = store.entries()
    if as_json:
        screen.print_json({"backups": [shown_json(entry) for entry in entries]})
    elif not entries:
        screen.say(f"no backup in {store.directory}; `aip backup create` makes one")
    else:
        rows = [
            (
                entry.name,
                words.moment(entry.manifest.made_at) if entry.manifest else "-",
                size(entry.manifest.size_bytes if entry.manifest else None),
                words.known(entry.manifest.contents.runs if entry.manifest else None),
                screen.state_cell(state_of(entry)),
            )
            for entry in entries
        ]
        screen.print_table(("BACKUP", "MADE", "SIZE", "RUNS", "STATE"), rows)
