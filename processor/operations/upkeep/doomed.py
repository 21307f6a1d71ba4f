"""Find what upkeep of the disk may touch on this host, by exact names and the exact ids of runs that are over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from processor.logs.event_log import FILE_NAME
from processor.settings.sections import MainFile

_DAY_SECONDS = 86_400.0
_ROTATED = re.compile(re.escape(FILE_NAME) + r"\.([1-9]\d{0,3})")
_OUTPUT = re.compile(r"agent\.(?:stdout|stderr)|gate-[A-Za-z0-9_-]+-[a-z0-9-]+\.log")
_SCRATCH = re.compile(r"gate-.+")


@dataclass(frozen=True)
class Doomed:
    """What is old enough: files to compress, folders and files to delete."""

    logs: tuple[Path, ...]
    temporary: tuple[Path, ...]
    run_folders: tuple[Path, ...]


def find_doomed(main: MainFile, ended_at: Mapping[str, float], now: float) -> Doomed:
    """List them.

    Args:
        ended_at: of every run that has ended, by id; a folder of any other name is nobody's of ours.
        now: seconds of the epoch.
    """
    rules = main.upkeep
    runs = main.logs.directory / "runs"
    ages = {runs / run_id: now - at for run_id, at in ended_at.items() if _is_folder(runs / run_id)}
    gone = tuple(folder for folder, age in ages.items() if age > rules.keep_run_output_days * _DAY_SECONDS)
    kept = {folder: age for folder, age in ages.items() if folder not in gone}
    logs = [*_beyond_rotation(main), *(path for folder in kept for path in _output(folder))]
    return Doomed(
        logs=tuple(path for path in logs if _is_older(path, rules.compress_logs_days, now)),
        temporary=tuple(
            path
            for folder, age in kept.items()
            if age > rules.temporary_days * _DAY_SECONDS
            for path in entries(folder)
            if _SCRATCH.fullmatch(path.name) and _is_folder(path)
        ),
        run_folders=gone,
    )


def _beyond_rotation(main: MainFile) -> Iterator[Path]:
    """Give files of the operator's log that no rotation moves any more, since `logs.backup_count` was lowered."""
    for path in entries(main.logs.directory):
        found = _ROTATED.fullmatch(path.name)
        if found and int(found[1]) > main.logs.backup_count:
            yield path


def _output(folder: Path) -> Iterator[Path]:
    return (path for path in entries(folder) if _OUTPUT.fullmatch(path.name))


def entries(folder: Path) -> list[Path]:
    """List what is in a folder; nothing when it is none, or not ours to read."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def _is_older(path: Path, days: float, now: float) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    found = path.lstat()
    # An empty one would only grow.
    return found.st_size > 0 and now - found.st_mtime > days * _DAY_SECONDS


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
