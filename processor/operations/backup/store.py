"""The folder of the backups: what is in it, how one gets in and out. Only what is ours by name is touched."""

import contextlib
import fcntl
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from processor.errors import BackupError, UsageError
from processor.operations.backup.durably import replace_file, sync_folder, write_file
from processor.operations.backup.manifest import MANIFEST, Manifest

_NAME = re.compile(r"aip-\d{8}T\d{6}Z")
_HALF_MADE = re.compile(r"\.aip-\d{8}T\d{6}Z\.partial")
_TRIAL = ".aip-trial"
_VERIFICATION = "verification.json"
_LOCK = ".aip-backup.lock"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a restore on trial said; `problem` is empty for a sound backup."""

    at: float
    problem: str

    @property
    def is_sound(self) -> bool:
        """Whether everything was there and equal."""
        return self.problem == ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One backup of the folder. `manifest` is None when it cannot be read, and `problem` says why."""

    folder: Path
    manifest: Manifest | None
    problem: str = ""
    verification: Verification | None = None

    @property
    def name(self) -> str:
        """Its name, which is that of its folder."""
        return self.folder.name

    @property
    def is_good(self) -> bool:
        """Whether it can be read, and no trial found it damaged."""
        return self.manifest is not None and (self.verification is None or self.verification.is_sound)


@dataclass(frozen=True)
class Store:
    """A folder of backups; it is made when the first one is."""

    directory: Path

    def entries(self) -> tuple[Entry, ...]:
        """List the whole ones, the newest first."""
        try:
            found = sorted(self.directory.iterdir(), reverse=True)
        except FileNotFoundError:
            return ()
        except OSError as exc:
            raise BackupError(f"{self.directory} cannot be read ({exc.strerror}); make it readable") from exc
        return tuple(read_entry(path) for path in found if _NAME.fullmatch(path.name) and _is_folder(path))

    def find(self, name: str) -> Entry:
        """Find a backup by its name, by the path of its folder, or the newest good one as `latest`.

        Raises:
            UsageError: there is none.
        """
        entries = self.entries()
        if name == "latest":
            wanted = next((entry for entry in entries if entry.is_good), None)
        elif _NAME.fullmatch(name):
            wanted = next((entry for entry in entries if entry.name == name), None)
        else:
            path = Path(name).absolute()
            wanted = read_entry(path) if _NAME.fullmatch(path.name) and _is_folder(path) else None
        if wanted is None:
            raise UsageError(f"there is no backup {name} in {self.directory}; `aip backup list` shows those there are")
        return wanted

    @contextlib.contextmanager
    def making(self, now: float) -> Iterator[Path]:
        """Give an empty folder to fill; it takes its name when the block ends well, and is gone when it does not."""
        with self._locked():
            self._sweep()
            name = self._free_name(now)
            partial = self.directory / f".{name}.partial"
            partial.mkdir(mode=0o700)
            try:
                yield partial
                sync_folder(partial)
                partial.rename(self.directory / name)
                sync_folder(self.directory)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise

    @contextlib.contextmanager
    def trial(self) -> Iterator[Path]:
        """Give an empty folder for a restore on trial, gone afterwards; one at a time."""
        with self._locked():
            self._sweep()
            folder = self.directory / _TRIAL
            folder.mkdir(mode=0o700)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def remove(self, entry: Entry) -> bool:
        """Delete a backup: its name goes first, so that half of it is never taken for one; False when it is gone."""
        with self._locked():
            doomed = self.directory / f".{entry.name}.partial"
            try:
                entry.folder.rename(doomed)
                shutil.rmtree(doomed)
            except FileNotFoundError:
                return False  # somebody else deleted it
            except OSError as exc:
                raise BackupError(f"{entry.folder} cannot be deleted ({exc.strerror}); make it writable") from exc
        return True

    def _free_name(self, now: float) -> str:
        moment = datetime.fromtimestamp(now, UTC)
        while (name := f"aip-{moment:%Y%m%dT%H%M%SZ}") in {path.name for path in self.directory.iterdir()}:
            moment += timedelta(seconds=1)
        return name

    def _sweep(self) -> None:
        """Remove what a killed program left; whoever holds the lock is the only one at work."""
        for path in self.directory.iterdir():
            if (_HALF_MADE.fullmatch(path.name) or path.name == _TRIAL) and _is_folder(path):
                shutil.rmtree(path)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = (self.directory / _LOCK).open("a")
        except OSError as exc:
            raise BackupError(
                f"{self.directory} cannot be written ({exc.strerror}); make it writable for this user, or set "
                "backup.directory to another folder"
            ) from exc
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def read_entry(folder: Path) -> Entry:
    """Read what a backup says of itself."""
    try:
        manifest = Manifest.read(folder)
    except BackupError as exc:
        return Entry(folder=folder, manifest=None, problem=str(exc))
    verification = _read_verification(folder)
    return Entry(
        folder=folder,
        manifest=manifest,
        problem=verification.problem if verification else "",
        verification=verification,
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the manifest into a folder, as the last of its files."""
    write_file(folder / MANIFEST, manifest.to_json().encode())


def write_verification(folder: Path, verification: Verification) -> None:
    """Note beside the backup what a trial said."""
    replace_file(folder / _VERIFICATION, (json.dumps(verification.__dict__, ensure_ascii=False) + "\n").encode())


def _read_verification(folder: Path) -> Verification | None:
    try:
        found = json.loads((folder / _VERIFICATION).read_text(encoding="utf-8"))
        return Verification(at=float(found["at"]), problem=str(found["problem"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not known: it is tried again


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
