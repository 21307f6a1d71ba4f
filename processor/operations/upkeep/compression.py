"""Compress one file in place, at once and with its time, so that `zgrep` and retention by age go on working."""

import contextlib
import gzip
import os
import shutil
import stat
from pathlib import Path
from typing import BinaryIO

_PART = ".gz-part"


def compress(path: Path) -> int | None:
    """Put `NAME.gz` in the place of a file, and tell how many bytes that saved.

    Left alone, with None: a link, a file with a second name, one that changes meanwhile, one whose `.gz` is there.

    Raises:
        OSError: it cannot be read or written; the file is as it was.
    """
    packed = path.with_name(f"{path.name}.gz")
    part = path.with_name(f".{path.name}{_PART}")
    try:
        source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(source, "rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode) or before.st_nlink != 1 or packed.exists() or packed.is_symlink():
            return None
        try:
            _pack(file, part, before)
            if not _is_untouched(path, before):
                return None
            part.rename(packed)
        finally:
            with contextlib.suppress(FileNotFoundError):
                part.unlink()
    path.unlink()
    return before.st_size - packed.stat().st_size


def _pack(file: BinaryIO, part: Path, like: os.stat_result) -> None:
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, stat.S_IMODE(like.st_mode))
    with os.fdopen(descriptor, "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=int(like.st_mtime)) as packed:
            shutil.copyfileobj(file, packed)
        raw.flush()
        os.fsync(raw.fileno())
        os.utime(raw.fileno(), ns=(like.st_atime_ns, like.st_mtime_ns))


def _is_untouched(path: Path, before: os.stat_result) -> bool:
    now = path.lstat()
    return (now.st_ino, now.st_size, now.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)
