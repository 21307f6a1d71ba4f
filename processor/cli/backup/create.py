"""`aip backup create`: make a backup now."""

import time

import typer

from processor.cli import options, screen, words
from processor.cli.backup.places import with_ledger
from processor.cli.backup.shown import as_json as shown_json
from processor.cli.backup.shown import size
from processor.cli.state import act
from processor.cli.waiting import busy
from processor.ledger import operators
from processor.operations.backup.create import create as make


def create(context: typer.Context, *, as_json: options.Json = False) -> None:
    """Make a backup now, and prove it by a restore on trial.

    Services may work meanwhile. Ledger, engine and settings files are copied to a folder of their own under
    backup.directory, never a secret. Nothing is left of one that fails half-way.

    Example: aip backup create
    """
    with with_ledger(context) as (_settings, ledger, site):
        with busy("making a backup and restoring it on trial"):
            entry = make(site, ledger)
        with ledger.write() as db:
            operators.record(db, act(context, "backup.create", entry.name, ""), time.time())
    if as_json:
        screen.print_json(shown_json(entry))
        return
    manifest = entry.manifest
    if manifest is not None:
        screen.say(f"{entry.folder}: {size(manifest.size_bytes)}, {words.count(manifest.contents.runs, 'run')}")
    screen.say("restored on trial: ok")
