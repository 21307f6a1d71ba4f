"""Fetch the two sides of every file of a change: blobs of the base commit, files of the changed worktree."""

import os
import stat
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from processor.errors import GateToolError
from processor.gate.changed_file import LINK_MODE, SUBMODULE_MODE, ChangedFile
from processor.gate.patch import PatchEntry

_GIT_SECONDS = 60
# No settings but the worktree's own, which we made; and nothing is fetched.
_ENVIRONMENT = {
    "HOME": "/dev/null",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
_NO_FILE = frozenset({LINK_MODE, SUBMODULE_MODE})


def read_changed_files(
    entries: Sequence[PatchEntry], worktree: Path, environ: Mapping[str, str]
) -> tuple[ChangedFile, ...]:
    """Read all files of a change.

    Args:
        environ: only PATH is taken from it, to find git.

    Raises:
        GateToolError: git cannot give a blob of the base commit, or a file of the change is not in the worktree.
    """
    wanted = sorted({entry.old_blob for entry in entries if entry.old_blob and entry.old_mode not in _NO_FILE})
    blobs = _read_blobs(wanted, worktree, environ)
    root = worktree.resolve()
    return tuple(_changed_file(entry, root, blobs) for entry in entries)


def _changed_file(entry: PatchEntry, root: Path, blobs: Mapping[str, bytes]) -> ChangedFile:
    after, target = (None, "") if entry.new_path is None else _read_after(root, entry.new_path, entry.new_mode)
    before = None
    if entry.old_path is not None and entry.old_mode not in _NO_FILE:
        # Without a blob the content did not change: a rename alone, or a new mode. An empty file has a blob of its own.
        before = blobs[entry.old_blob] if entry.old_blob else after
    return ChangedFile(
        old_path=entry.old_path,
        new_path=entry.new_path,
        old_mode=entry.old_mode,
        new_mode=LINK_MODE if target else entry.new_mode,
        before=before,
        after=after,
        link_target=target,
    )


def _read_after(root: Path, path: str, mode: str) -> tuple[bytes | None, str]:
    if mode == SUBMODULE_MODE:
        return None, ""
    place = root / path
    try:
        if place.is_symlink() and place.parent.resolve().is_relative_to(root):
            return None, str(place.readlink())
    except OSError as error:
        raise _unreadable(path, error) from error
    return read_regular(root, path), ""


def read_regular(root: Path, path: str) -> bytes:
    """Read a file of the change, and nothing that a link or pipe leads to.

    Args:
        root: the worktree, resolved.

    Raises:
        GateToolError: it is not there, no regular file, or outside.
    """
    place = root / path
    try:
        if not place.parent.resolve().is_relative_to(root):
            raise GateToolError(f"{path} lies behind a symbolic link that leaves the worktree; change it by hand")
        # A link must not lead us to a file of ours, nor a pipe make us wait.
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise GateToolError(f"{path} is no regular file; change it by hand")
            return file.read()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> GateToolError:
    return GateToolError(f"{path} of the change cannot be read in its worktree ({error.strerror}); retry the run")


def _read_blobs(wanted: Sequence[str], worktree: Path, environ: Mapping[str, str]) -> dict[str, bytes]:
    if not wanted:
        return {}
    try:
        done = subprocess.run(
            ["git", "--git-dir=.git", "cat-file", "--batch"],
            cwd=worktree,
            env=_ENVIRONMENT | {"PATH": environ.get("PATH", os.defpath)},
            input="".join(f"{blob}\n" for blob in wanted).encode(),
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise GateToolError(
            f"git could not read the base commit in the worktree ({type(error).__name__}); retry the run"
        ) from error
    return _split_blobs(done.stdout, wanted)


def _split_blobs(printed: bytes, wanted: Sequence[str]) -> dict[str, bytes]:
    blobs = {}
    position = 0
    for blob in wanted:
        end = printed.find(b"\n", position)
        words = printed[position:end].split()
        if end < 0 or len(words) != 3 or words[1] != b"blob":
            raise GateToolError(
                f"blob {blob} of the base commit is missing; `aip queue retry` fetches the mirror again"
            )
        start, size = end + 1, int(words[2])
        blobs[blob] = printed[start : start + size]
        position = start + size + 1
    return blobs
