"""`aip backup prune`: delete what no rule keeps."""

from typing import Annotated

import typer

from processor.cli import options, screen, words
from processor.cli.backup.places import ledger_if_there, site_alone
from processor.cli.state import command_settings
from processor.operations.backup.prune import find_superfluous
from processor.operations.backup.prune import prune as delete


def prune(
    context: typer.Context,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
    as_json: options.Json = False,
) -> None:
    """Delete the backups that no rule keeps.

    The newest of each of the last backup.keep_daily days and backup.keep_weekly weeks stays, and the newest sound one
    always. Nothing else in the folder is touched.

    Example: aip backup prune --dry-run
    """
    settings = command_settings(context)
    store = site_alone(context, settings).store
    if dry_run:
        doomed = find_superfluous(store, settings.main)
    else:
        with ledger_if_there(context) as ledger:
            doomed = delete(store, settings.main, ledger)
    if as_json:
        screen.print_json({"deleted": [entry.name for entry in doomed], "dry_run": dry_run})
        return
    for entry in doomed:
        screen.say(entry.name)
    screen.say(f"{'would delete' if dry_run else 'deleted'} {words.count(len(doomed), 'backup')}")
