"""Throw backups away that no rule keeps."""

from zoneinfo import ZoneInfo

from processor.ledger import backups
from processor.ledger.connection import Ledger
from processor.operations.backup.manifest import MANIFEST
from processor.operations.backup.retention import superfluous
from processor.operations.backup.site import record_of
from processor.operations.backup.store import Entry, Store
from processor.settings.sections import MainFile


def find_superfluous(store: Store, main: MainFile) -> tuple[Entry, ...]:
    """List what may go by the settings."""
    wanted = main.backup
    return superfluous(
        # Whatever has such a name and never had a manifest was not made by us.
        [entry for entry in store.entries() if (entry.folder / MANIFEST).exists()],
        keep_daily=wanted.keep_daily,
        keep_weekly=wanted.keep_weekly,
        zone=ZoneInfo(main.timezone),
    )


def prune(store: Store, main: MainFile, ledger: Ledger | None) -> tuple[Entry, ...]:
    """Delete what may go, and return what was deleted here."""
    gone = tuple(entry for entry in find_superfluous(store, main) if store.remove(entry))
    if ledger is not None:
        write_down(store, ledger)
    return gone


def write_down(store: Store, ledger: Ledger) -> None:
    """Make the ledger's list of this host's backups what the folder holds.

    It is looked at under the write lock, so that one which is made and written down meanwhile is not struck out again.
    """
    with ledger.write() as db:
        records = [record for record in map(record_of, store.entries()) if record is not None]
        names = {record.name for record in records}
        hosts = {record.host for record in records}
        for known in backups.list_backups(db):
            if known.name not in names and known.host in hosts:
                backups.forget(db, known.name)
        for record in records:
            backups.note(db, record)
