"""Back up and restore ledger and engine as files of SQLite."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, create_engine
from sqlalchemy.exc import SQLAlchemyError

from processor.errors import BackupError, BackupUnsound
from processor.ledger import restoration
from processor.ledger.address import copies_in_waiting, copy_in_waiting
from processor.ledger.connection import Ledger
from processor.operations.backup.contents import read_contents
from processor.operations.backup.durably import sync_folder
from processor.operations.backup.manifest import Contents

LEDGER, ENGINE = "ledger.sqlite", "engine.sqlite"
_BUSY_SECONDS = 30
_BESIDE = ("", "-wal", "-shm")


@dataclass(frozen=True)
class SqliteFiles:
    """The two files; that of the engine may be missing, and is made anew from the ledger then."""

    ledger_file: Path
    engine_file: Path
    ledger: Ledger | None = None  #: open, for a copy

    @property
    def kind(self) -> str:
        """What manifests call it."""
        return "sqlite"

    def copy(self, folder: Path) -> tuple[Contents, tuple[str, ...]]:
        """Copy the engine, then the ledger, each at one moment; no writer waits for it."""
        names = [LEDGER]
        if self.engine_file.exists():
            with _open(self.engine_file) as source:
                _copy(source, folder / ENGINE)
            names.append(ENGINE)
        if self.ledger is None:
            raise BackupError("the ledger is not open; nothing was copied")
        with self.ledger.read() as db:
            contents = read_contents(db)  # the first statement fixes the moment; the copy is of the same one
            _copy(db.connection.driver_connection, folder / LEDGER)  # type: ignore[arg-type]
        return contents, tuple(names)

    def try_restore(self, folder: Path, scratch: Path) -> Contents:
        """Put copies of the copies into the scratch folder, and look at every page and index."""
        for name in _present(folder):
            shutil.copyfile(folder / name, scratch / name)
            with _open(scratch / name) as opened:
                _require_integrity(opened, folder / name)
        engine = create_engine(URL.create("sqlite", database=str(scratch / LEDGER)))
        try:
            with engine.connect() as db:
                return read_contents(db)
        except SQLAlchemyError as exc:
            raise BackupUnsound(f"{folder / LEDGER} is no ledger: {exc}; take another backup") from exc
        finally:
            engine.dispose()

    def is_there(self) -> bool:
        """Look for either file."""
        return self.ledger_file.exists() or self.engine_file.exists()

    def restore(self, folder: Path, scratch: Path, label: str, made_at: float) -> str:  # noqa: ARG002  # of the protocol
        """Write the new files beside the old ones, move those away, and rename; the ledger comes last.

        While neither ledger is there, the new one that waits beside tells whoever comes that a restore was cut short.
        """
        places = {LEDGER: self.ledger_file, ENGINE: self.engine_file}
        fresh = [(folder / name, copy_in_waiting(places[name], label), places[name]) for name in _present(folder)]
        with _nothing_left_of(new for _, new, _ in fresh):
            for copy, new, place in fresh:
                place.parent.mkdir(parents=True, exist_ok=True)
                for left in copies_in_waiting(place):
                    left.unlink()
                _write_copy(copy, new, place)
            _mark(copy_in_waiting(self.ledger_file, label), made_at)
        kept = self._set_aside(label)
        for _, new, place in fresh:
            new.replace(place)
            sync_folder(place.parent)
        return kept

    def _set_aside(self, label: str) -> str:
        aside = self.ledger_file.parent / f"before-restore-{label}"
        former = [
            file.with_name(file.name + ending) for file in (self.ledger_file, self.engine_file) for ending in _BESIDE
        ]
        former = [file for file in former if file.exists()]
        if not former:
            return ""
        aside.mkdir(mode=0o700)
        for file in former:
            file.rename(aside / file.name)
        return str(aside)


def _present(folder: Path) -> tuple[str, ...]:
    return tuple(name for name in (ENGINE, LEDGER) if (folder / name).exists())


@contextlib.contextmanager
def _nothing_left_of(files: Iterable[Path]) -> Iterator[None]:
    """Delete what was written when all of it cannot be."""
    try:
        yield
    except (OSError, BackupError) as exc:
        for file in files:
            file.unlink(missing_ok=True)
        if not isinstance(exc, OSError):
            raise
        raise BackupError(
            f"{exc.filename} cannot be written ({exc.strerror}); nothing was changed; free space or rights, "
            "then restore again"
        ) from exc


def _write_copy(copy: Path, new: Path, place: Path) -> None:
    """Write a copy that the same users may open as the file in whose place it comes, though another one restores."""
    shutil.copyfile(copy, new)
    if place.exists():
        shutil.copymode(place, new)
    if os.geteuid() == 0:
        owner = (place if place.exists() else place.parent).stat()
        os.chown(new, owner.st_uid, owner.st_gid)
    _sync(new)


def _mark(ledger_file: Path, made_at: float) -> None:
    with _open(ledger_file) as opened, opened:
        for statement in restoration.behind_statements(made_at):
            opened.execute(statement)
    _sync(ledger_file)


@contextlib.contextmanager
def _open(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with contextlib.closing(sqlite3.connect(file, timeout=_BUSY_SECONDS)) as connection:
            yield connection
    except sqlite3.Error as exc:
        raise BackupError(f"{file} cannot be read: {exc}; look at its disk, or take another backup") from exc


def _copy(source: sqlite3.Connection, target: Path) -> None:
    target.touch(mode=0o600)
    try:
        with contextlib.closing(sqlite3.connect(target)) as opened:
            source.backup(opened)
    except sqlite3.Error as exc:
        raise BackupError(
            f"no copy can be written to {target.parent.parent}: {exc}; nothing is left of it; look at that disk, free "
            "space there, or set backup.directory to another folder"
        ) from exc
    _sync(target)


def _require_integrity(opened: sqlite3.Connection, file: Path) -> None:
    said = str(opened.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if said != "ok":
        raise BackupUnsound(f"{file} is damaged: {said}; take another backup")


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
