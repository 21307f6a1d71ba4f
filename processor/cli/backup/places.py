"""What the commands under `aip backup` start from."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Annotated

import typer

from processor.cli.completion import offer_backups
from processor.cli.invocation import invocation
from processor.cli.state import command_ledger
from processor.errors import LedgerError
from processor.ledger.connection import Ledger
from processor.operations.backup.site import Site
from processor.service.backups import backup_site
from processor.settings.files import SettingsFiles
from processor.settings.sections import Settings

Name = Annotated[
    str,
    typer.Argument(
        metavar="BACKUP",
        help="A name that `aip backup list` shows, a path to its folder, or `latest`.",
        autocompletion=offer_backups,
    ),
]


def files_of(context: typer.Context) -> SettingsFiles:
    """Give the folder of the settings files."""
    call = invocation(context)
    return SettingsFiles(call.config_dir, call.environ)


@contextmanager
def with_ledger(context: typer.Context) -> Iterator[tuple[Settings, Ledger, Site]]:
    """Open the ledger, which must be there."""
    with command_ledger(context) as (settings, ledger):
        yield settings, ledger, backup_site(settings, files_of(context), ledger)


def site_alone(context: typer.Context, settings: Settings) -> Site:
    """Give the site without a ledger, which may be lost."""
    return backup_site(settings, files_of(context))


@contextmanager
def ledger_if_there(context: typer.Context) -> Iterator[Ledger | None]:
    """Open the ledger where there is one that can be opened: a backup may be looked at where it is lost."""
    with ExitStack() as stack:
        ledger = None
        with suppress(LedgerError):  # what fails later, in the hands of who asked, is theirs to hear
            _settings, ledger = stack.enter_context(command_ledger(context))
        yield ledger
