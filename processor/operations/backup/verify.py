"""Prove a backup: read every byte again, restore it on trial, and compare what the ledger in it holds."""

import time

from processor.errors import BackupError, BackupUnsound
from processor.ledger import backups
from processor.ledger.connection import Ledger
from processor.operations.backup.manifest import Manifest, check_items
from processor.operations.backup.site import Site, record_of
from processor.operations.backup.store import Entry, Verification, read_entry, write_verification


def verify(site: Site, entry: Entry, ledger: Ledger | None) -> Entry:
    """Prove a backup, and note beside it and in the ledger, where there is one, what came out.

    Raises:
        BackupError: it is not sound, which is noted; or it could not be tried, which says nothing of it.
    """
    if entry.manifest is None:
        raise BackupError(entry.problem)
    problem = ""
    try:
        prove(site, entry, entry.manifest)
    except BackupUnsound as exc:
        problem = str(exc)
    try:
        write_verification(entry.folder, Verification(at=time.time(), problem=problem))
    except FileNotFoundError as exc:
        raise _gone(entry) from exc
    proved = read_entry(entry.folder)
    if ledger is not None:
        note(ledger, proved)
    if problem:
        raise BackupError(problem)
    return proved


def note(ledger: Ledger, entry: Entry) -> None:
    """Write down in the ledger what is known of a backup, unless it was deleted meanwhile."""
    record = record_of(entry)
    if record is not None:
        with ledger.write() as db:
            if entry.folder.exists():
                backups.note(db, record)


def _gone(entry: Entry) -> BackupError:
    return BackupError(
        f"backup {entry.name} was deleted while it was tried; `aip backup list` shows those that there are"
    )


def prove(site: Site, entry: Entry, manifest: Manifest) -> None:
    """Restore a backup on trial.

    Raises:
        BackupUnsound: it is damaged, or holds something else than it says.
        BackupError: it could not be tried here.
    """
    _require_kind(site, entry, manifest)
    check_items(entry.folder, manifest)
    try:
        with site.store.trial() as scratch:
            found = site.databases.try_restore(entry.folder, scratch)
    except OSError as exc:
        if not entry.folder.exists():
            raise _gone(entry) from exc
        raise BackupError(
            f"backup {entry.name} cannot be restored on trial in {site.store.directory} ({exc.strerror}); "
            "free as much space there as the backup has"
        ) from exc
    if found != manifest.contents:
        raise BackupUnsound(
            f"backup {entry.name} restores to {found.runs} runs of schema {found.schema}, its manifest says "
            f"{manifest.contents.runs} of schema {manifest.contents.schema}, or totals differ; take another backup"
        )


def _require_kind(site: Site, entry: Entry, manifest: Manifest) -> None:
    if manifest.database != site.databases.kind:
        raise BackupError(
            f"backup {entry.name} is of {manifest.database}, this installation uses {site.databases.kind}; "
            "set state.database_url as it was, then try again"
        )
