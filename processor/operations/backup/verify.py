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
    write_verification(entry.folder, Verification(at=time.time(), problem=problem))
    proved = read_entry(entry.folder)
    record = record_of(proved)
    if ledger is not None and record is not None:
        with ledger.write() as db:
            backups.note(db, record)
    if problem:
        raise BackupError(problem)
    return proved


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
