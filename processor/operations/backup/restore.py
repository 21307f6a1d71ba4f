"""Put a backup back: only where nothing runs, only over what may be overwritten, and never a newer schema."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from processor.engine.liveness import Liveness, keep_all_out
from processor.errors import BackupError, UsageError
from processor.ledger.revision import known_schemas
from processor.operations.backup.manifest import Manifest
from processor.operations.backup.site import Site
from processor.operations.backup.store import Entry
from processor.operations.backup.verify import prove


@dataclass(frozen=True)
class Restored:
    """What was put back, and where the former database is kept; empty when there was none."""

    manifest: Manifest
    kept: str


def restore(
    site: Site,
    entry: Entry,
    liveness: Liveness,
    *,
    force: bool,
    mark: Callable[[Manifest], None],
) -> Restored:
    """Prove a backup and put it in place, while holding the lock that keeps services from starting.

    Args:
        mark: tells the ledger that is in place now what happened to it.

    Raises:
        UsageError: a service runs, or something would be overwritten without `force`.
        BackupError: the backup is not sound, or cannot be put in place; nothing was changed.
    """
    manifest = entry.manifest
    if manifest is None:
        raise BackupError(entry.problem)
    _require_known_schema(manifest)
    keep_all_out(liveness)
    try:
        if site.databases.is_there() and not force:
            raise UsageError(
                "there is a ledger already; --force puts the backup in its place and keeps the former one beside it"
            )
        prove(site, entry, manifest)
        label = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        with site.store.trial() as scratch:
            kept = site.databases.restore(entry.folder, scratch, label, manifest.made_at)
        mark(manifest)
    finally:
        liveness.release()
    return Restored(manifest, kept)


def _require_known_schema(manifest: Manifest) -> None:
    schema = manifest.contents.schema
    if schema not in known_schemas():
        raise BackupError(
            f"backup {manifest.name} has schema {schema}, this program knows {known_schemas()[-1]} at most; "
            f"restore it with version {manifest.version} or a newer one"
        )
