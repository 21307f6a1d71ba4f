"""Prove life by a lock on a file beside the SQLite ledger."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from processor.engine.liveness.lock import take_in_time, taken
from processor.errors import LedgerError


class FileLiveness:
    """Locks on files beside the ledger."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "instances"
        self._held: TextIO | None = None

    def take(self, instance: str) -> None:
        """Take the lock file of an instance.

        Raises:
            NameTaken: a service of this name runs already.
            LedgerError: the file cannot be written.
        """
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            file = self._path(instance).open("a+")
        except OSError as exc:
            path = self._path(instance)
            raise LedgerError(
                f"the lock {path} cannot be opened ({exc.strerror}); make its folder writable for this user"
            ) from exc
        if not take_in_time(lambda: _try_file(file)):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise taken(instance, f"process {holder}")
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._held = file

    def is_held(self) -> bool:
        """A file lock is ours until we let go, unless somebody removed the file under us."""
        if self._held is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._held.fileno()), Path(self._held.name).stat())
        except FileNotFoundError:
            return False

    def retake(self) -> bool:
        """A file that is gone does not come back."""
        return self.is_held()

    def if_dead(self, instance: str, act: Callable[[], None]) -> bool:
        """Try the lock file of another instance; one that never had a file never lived here."""
        self._directory.mkdir(parents=True, exist_ok=True)
        with _opened(self._path(instance)) as file:
            if not _try_file(file):
                return False
            act()
        return True

    def find_others(self) -> tuple[str, ...]:
        """Try every lock file of the folder."""
        ours = Path(self._held.name) if self._held is not None else None
        files = sorted(path for path in self._directory.glob("*.lock") if path != ours)
        return tuple(path.stem for path in files if not self.if_dead(path.stem, _nothing))

    def release(self) -> None:
        """Close the file, which frees the lock."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _path(self, instance: str) -> Path:
        return self._directory / f"{instance}.lock"


def _opened(path: Path) -> TextIO:
    """Open a lock file; that of another user, such as root who restored, can be read, which is enough to lock it."""
    try:
        return path.open("a+")
    except PermissionError:
        return path.open()


def _nothing() -> None:
    pass


def _try_file(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
