"""Read this host: what it carries, how much room its disks have, and what the operator's log holds."""

import gzip
import platform
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

import psutil

from processor.checklists.sources import Sources
from processor.ledger import queries
from processor.logs.event_log import FILE_NAME

_SAMPLE_SECONDS: Final = 1.0
_HOUR: Final = 3600.0
_TIME_COLUMNS: Final = slice(0, 19)
_LEVEL, _TYPE = 2, 4
_COMPRESSED: Final = ".gz"


@dataclass(frozen=True)
class HostLoad:
    """Shares of a host in use, 0 to 1; `disk` is that of the fullest disk with a folder of ours."""

    host: str
    cpu: float
    memory: float
    disk: float


@dataclass(frozen=True, kw_only=True)
class Storage:
    """Share in use of the disk of each folder, and the size of the ledger in bytes."""

    disks: tuple[tuple[str, float], ...]
    ledger_bytes: int


@dataclass(frozen=True)
class LogFile:
    """One file of the operator's log."""

    name: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class LogFiles:
    """The operator's log as it lies there: the file that is written, and the rotated ones."""

    current: LogFile | None
    rotated: tuple[LogFile, ...]
    most_bytes: int
    most_rotated: int
    is_service_alive: bool


def read_loads(sources: Sources) -> tuple[HostLoad, ...]:
    """Read what each host carried in this hour and the one before; where no service wrote it down, this host now."""
    with sources.db() as db:
        noted = queries.host_use_between(db, sources.now // _HOUR * _HOUR - _HOUR, sources.now)
    if noted:
        return tuple(HostLoad(one.host, one.cpu_mean, one.memory_mean, one.disk_max) for one in noted.values())
    memory, disk = psutil.virtual_memory().percent / 100, max(use for _, use in _disks(sources))
    return (HostLoad(platform.node(), psutil.cpu_percent(_SAMPLE_SECONDS) / 100, memory, disk),)


def read_disks(sources: Sources) -> tuple[tuple[str, float], ...]:
    """Read how full the disks of our folders are."""
    return _disks(sources)


def read_log_errors(sources: Sources) -> dict[str, int] | None:
    """Count the ERROR lines of the day before by their type; None where there is no log of that day."""
    day, folder = sources.day(), sources.settings.main.logs.directory
    files = [path for path in _log_paths(folder) if path.stat().st_mtime >= day.start]
    if not files:
        return None
    counts: Counter[str] = Counter()
    for path in files:
        for line in _error_lines(path):
            words = line.split(" ", _TYPE + 1)
            if len(words) > _TYPE and day.start <= _moment(line) < day.end:
                counts[words[_TYPE].strip()] += 1
    return dict(counts)


def list_log_files(sources: Sources) -> tuple[LogFile | None, tuple[LogFile, ...]]:
    """List the files of the operator's log."""
    files = {
        path.name: LogFile(path.name, path.stat().st_size) for path in _log_paths(sources.settings.main.logs.directory)
    }
    rotated = tuple(
        file for name, file in sorted(files.items()) if name != FILE_NAME and not name.endswith(_COMPRESSED)
    )
    return files.get(FILE_NAME), rotated


def _disks(sources: Sources) -> tuple[tuple[str, float], ...]:
    main = sources.settings.main
    standing = {
        str(folder): next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
        for folder in (main.state.directory, main.logs.directory)
    }
    return tuple((name, psutil.disk_usage(str(place)).percent / 100) for name, place in standing.items())


def _log_paths(folder: Path) -> list[Path]:
    return [path for path in folder.glob(f"{FILE_NAME}*") if path.is_file() and not path.is_symlink()]


def _error_lines(path: Path) -> Iterator[str]:
    with _opened(path) as file:
        for line in file:
            words = line.split(" ", _LEVEL + 1)
            if len(words) > _LEVEL and words[_LEVEL] == "ERROR":
                yield line


def _opened(path: Path) -> IO[str]:
    if path.suffix == _COMPRESSED:
        return gzip.open(path, "rt", encoding="utf-8", errors="replace")
    return path.open(encoding="utf-8", errors="replace")


def _moment(line: str) -> float:
    try:
        return datetime.strptime(line[_TIME_COLUMNS], "%Y-%m-%d %H:%M:%S").astimezone().timestamp()
    except ValueError:
        return 0.0  # a line of somebody else's
