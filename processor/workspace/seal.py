"""Bring a mirror's own settings back to known content, so that nothing planted in it is run by our next command.

git runs programs that a repository's config, hooks and attributes name. Whoever can write to the mirror's folder can
plant them there: an agent without a sandbox can.
"""

import os
import shutil
import stat
import tempfile
from pathlib import Path

CONFIG = b"""[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tsymlinks = true
\tlogallrefupdates = false
\tautocrlf = false
[fetch]
\tunpackLimit = 1
[gc]
\tauto = 0
[maintenance]
\tauto = false
"""
#: A filter (git-lfs among them) would be a program, and `-diff` in a repository would hide its text from the gate.
ATTRIBUTES = b"* !filter !diff !merge\n"
HEAD = b"ref: refs/heads/none\n"
_KEPT = frozenset({"config", "HEAD", "objects", "refs", "info", "packed-refs", "packed-refs.new", "gc.pid"})
_BORROWED_OBJECTS = ("info/alternates", "info/http-alternates")


def seal(mirror: Path) -> None:
    """Rewrite settings and attributes; remove hooks, grafts, replacements and every other file that steers git.

    Locks are left alone, because another command may hold them. Raises FileNotFoundError when there is no mirror.
    """
    for entry in os.scandir(mirror):
        if entry.name not in _KEPT and not entry.name.endswith(".lock"):
            _remove(Path(entry.path))
    put(mirror / "config", CONFIG)
    put(mirror / "HEAD", HEAD)
    _seal_information(mirror / "info")
    for name in _BORROWED_OBJECTS:
        _remove(mirror / "objects" / name)
    _remove(mirror / "refs" / "replace")


def _seal_information(folder: Path) -> None:
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    folder.mkdir(exist_ok=True)
    for entry in os.scandir(folder):
        # What ends in .lock may be another thread's file that is about to take its place.
        if entry.name != "attributes" and not entry.name.endswith(".lock"):
            _remove(Path(entry.path))
    put(folder / "attributes", ATTRIBUTES)


def put(path: Path, content: bytes) -> None:
    """Make `path` a plain file with this content, at once and whatever stood there."""
    if _is_plain_file(path) and path.read_bytes() == content:
        return
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-", suffix=".lock")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(temporary).replace(path)


def _is_plain_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
