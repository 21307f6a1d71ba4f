"""What a backup says of itself: every file with size and checksum, and what the ledger in it holds."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from processor.errors import BackupError, BackupUnsound

MANIFEST = "manifest.json"
_FORMAT = 1
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Item:
    """One file; `path` is relative to the backup's folder."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a ledger holds, for comparing the copy with the original: schema, number of runs, digest of all totals."""

    schema: str
    runs: int
    totals_sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup is. `database` is sqlite or postgresql; `made_at` is the moment that the ledger is of."""

    name: str
    made_at: float
    host: str
    version: str
    database: str
    contents: Contents
    items: tuple[Item, ...]

    @property
    def size_bytes(self) -> int:
        """All files together."""
        return sum(item.size_bytes for item in self.items)

    def to_json(self) -> str:
        """Write it for its file."""
        return json.dumps({"format": _FORMAT, **asdict(self)}, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read that of a backup's folder.

        Raises:
            BackupError: it is missing, damaged, of another backup or of a newer program.
        """
        path = folder / MANIFEST
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            read = cls._of(found)
        except OSError as exc:
            raise BackupError(f"{path} cannot be read ({exc.strerror}); take another backup") from exc
        except (ValueError, KeyError, TypeError) as exc:
            raise BackupError(f"{path} is damaged; take another backup") from exc
        if read.name != folder.name:
            raise BackupError(f"{path} is that of {read.name}; give the folder its name back, or take another backup")
        return read

    @classmethod
    def _of(cls, found: Mapping[str, Any]) -> Self:
        if found["format"] != _FORMAT:
            raise BackupError(
                f"backup {found['name']} has format {found['format']}, this program knows {_FORMAT}; "
                "restore it with the program that made it"
            )
        return cls(
            name=str(found["name"]),
            made_at=float(found["made_at"]),
            host=str(found["host"]),
            version=str(found["version"]),
            database=str(found["database"]),
            contents=Contents(**found["contents"]),
            items=tuple(Item(**item) for item in found["items"]),
        )


def item_of(folder: Path, path: str) -> Item:
    """Measure a file of a folder."""
    digest, size = hashlib.sha256(), 0
    with (folder / path).open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return Item(path=path, size_bytes=size, sha256=digest.hexdigest())


def check_items(folder: Path, manifest: Manifest) -> None:
    """Read every file again.

    Raises:
        BackupUnsound: one is missing, or is not what was written.
    """
    for item in manifest.items:
        try:
            found = item_of(folder, item.path)
        except OSError as exc:
            raise BackupUnsound(f"{folder / item.path} cannot be read ({exc.strerror}); take another backup") from exc
        if found != item:
            has_other_size = found.size_bytes != item.size_bytes
            what = (
                f"{found.size_bytes} bytes instead of {item.size_bytes}"
                if has_other_size
                else "its checksum is another one"
            )
            raise BackupUnsound(f"{folder / item.path} was changed after it was written: {what}; take another backup")
