"""`aip backup verify`: prove a backup."""

import typer

from processor.cli import options, screen, words
from processor.cli.backup.places import Name, ledger_if_there, site_alone
from processor.cli.backup.shown import as_json as shown_json
from processor.cli.state import command_settings
from processor.cli.waiting import busy
from processor.operations.backup.verify import verify as prove


def verify(context: typer.Context, name: Name = "latest", *, as_json: options.Json = False) -> None:
    """Prove a backup by a restore on trial.

    Every file is read and compared with its checksum, the databases are restored into a place of their own and checked,
    and the totals in them are compared with those of the moment of the backup. Nothing in use is touched.

    Example: aip backup verify latest
    """
    site = site_alone(context, command_settings(context))
    entry = site.store.find(name)
    with ledger_if_there(context) as ledger, busy(f"restoring {entry.name} on trial"):
        proved = prove(site, entry, ledger)
    if as_json:
        screen.print_json(shown_json(proved))
    elif proved.manifest is not None:
        contents = proved.manifest.contents
        screen.say(
            f"{proved.name}: restored on trial, {words.count(contents.runs, 'run')}, schema {contents.schema}, "
            "totals equal: ok"
        )
