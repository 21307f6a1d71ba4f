"""Make a backup while services work, and prove it at once by a restore on trial."""

import time
from pathlib import Path

from processor.errors import BackupError
from processor.ledger.connection import Ledger
from processor.logs.redaction import PROCESS_REDACTOR
from processor.operations.backup.durably import write_file
from processor.operations.backup.manifest import Manifest, item_of
from processor.operations.backup.site import Site
from processor.operations.backup.store import Entry, read_entry, write_manifest
from processor.operations.backup.verify import note, verify
from processor.settings.load import ENVIRONMENTS_FILE, FILES

SETTINGS = "settings"


def create(site: Site, ledger: Ledger) -> Entry:
    """Make one, prove it, and write it down in the ledger.

    Raises:
        BackupError: it cannot be made, and nothing is left of it; or it was made and is not sound.
    """
    entry = _make(site)
    try:
        return verify(site, entry, ledger)
    except BackupError:
        note(ledger, read_entry(entry.folder))
        raise


def _make(site: Site) -> Entry:
    now = time.time()
    try:
        with site.store.making(now) as folder:
            contents, names = site.databases.copy(folder)
            settings = _copy_settings(site.configs, folder)
            name = folder.name.removeprefix(".").removesuffix(".partial")
            manifest = Manifest(
                name=name,
                made_at=now,
                host=site.host,
                version=site.version,
                database=site.databases.kind,
                contents=contents,
                items=tuple(item_of(folder, path) for path in (*names, *settings)),
            )
            write_manifest(folder, manifest)
    except OSError as exc:
        raise BackupError(
            f"no backup can be written to {site.store.directory} ({exc.strerror}); nothing is left of it; "
            "free space there, or set backup.directory to another folder"
        ) from exc
    return read_entry(site.store.directory / name)


def _copy_settings(configs: Path, folder: Path) -> tuple[str, ...]:
    """Copy the settings files; what has the shape of a secret, in a comment for instance, is masked."""
    (folder / SETTINGS).mkdir(mode=0o700)
    copied = []
    for name in (*FILES, ENVIRONMENTS_FILE):
        if (configs / name).is_file():
            text = (configs / name).read_text(encoding="utf-8", errors="replace")
            write_file(folder / SETTINGS / name, PROCESS_REDACTOR.redact(text).encode())
            copied.append(f"{SETTINGS}/{name}")
    return tuple(copied)
