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
[gc]
\tauto = 0
[maintenance]
\tauto = false
"""
HEAD = b"ref: refs/heads/none\n"
_KEPT = frozenset({"config", "HEAD", "objects", "refs", "packed-refs", "packed-refs.new"})
_BORROWED_OBJECTS = ("info/alternates", "info/http-alternates")


def seal(mirror: Path) -> None:
    """Rewrite `config` and `HEAD`; remove hooks, attributes, grafts, replacements and every other file of settings.

    Locks are left alone, because another command may hold them. Raises FileNotFoundError when there is no mirror.
    """
    for entry in os.scandir(mirror):
        if entry.name not in _KEPT and not entry.name.endswith(".lock"):
            _remove(Path(entry.path))
    _put(mirror / "config", CONFIG)
    _put(mirror / "HEAD", HEAD)
    for name in _BORROWED_OBJECTS:
        _remove(mirror / "objects" / name)
    _remove(mirror / "refs" / "replace")


def _put(path: Path, content: bytes) -> None:
    if _is_plain_file(path) and path.read_bytes() == content:
        return
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
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
