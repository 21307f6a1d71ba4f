"""What backups of one installation are made from."""

import socket
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from processor.ledger.backups import BackupRecord
from processor.metrics import DISTRIBUTION
from processor.operations.backup.databases import Databases
from processor.operations.backup.store import Entry, Store


@dataclass(frozen=True)
class Site:
    """The databases, the folder of the settings files, and the folder of the backups."""

    databases: Databases
    configs: Path
    store: Store

    @property
    def version(self) -> str:
        """Of this program."""
        return version(DISTRIBUTION)

    @property
    def host(self) -> str:
        """Of this machine."""
        return socket.gethostname()


def record_of(entry: Entry) -> BackupRecord | None:
    """Give what the ledger keeps of a backup; None for one that cannot be read."""
    if entry.manifest is None:
        return None
    return BackupRecord(
        name=entry.name,
        host=entry.manifest.host,
        made_at=entry.manifest.made_at,
        size_bytes=entry.manifest.size_bytes,
        verified_at=entry.verification.at if entry.verification else None,
        is_sound=entry.verification.is_sound if entry.verification else None,
    )
