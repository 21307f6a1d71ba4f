"""Find what a check left in the worktree, and take it away so that its second run starts where the first one did.

What earlier checks made stays, such as dependencies that one installed for the next. A file that was there and was
written anew stays as it is.
"""

import os
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from processor.errors import GateToolError
from processor.gate.changed_file import ChangedFile
from processor.gate.contents import read_regular


def list_files(worktree: Path) -> frozenset[str]:
    """List every file, link and folder below the worktree; links are not followed."""
    found: set[str] = set()
    for folder, folders, files in os.walk(worktree):
        found.update(f"{folder}/{name}" for name in (*folders, *files))
    return frozenset(found)


def list_rewritten(worktree: Path, files: Iterable[ChangedFile]) -> frozenset[str]:
    """Name the files of a change whose content is another by now, or that are gone."""
    return frozenset(
        file.path for file in files if file.after is not None and _content(worktree, file.path) != file.after
    )


def _content(worktree: Path, path: str) -> bytes | None:
    try:
        return read_regular(worktree.resolve(), path)
    except GateToolError:
        return None


def remove_others(worktree: Path, kept: Collection[str]) -> None:
    """Remove what is there beside `kept`, which `list_files` gave earlier; what resists stays."""
    for folder, folders, files in os.walk(worktree):
        new = [name for name in (*folders, *files) if f"{folder}/{name}" not in kept]
        for name in new:
            _remove(Path(folder, name))
        folders[:] = [name for name in folders if name not in new]


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
