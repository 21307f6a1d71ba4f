"""Make a mirror and bring it up to date; the mirror's lock must be held throughout."""

import os
import re
from pathlib import Path

from processor.errors import GitError
from processor.workspace.git import GitDirectory
from processor.workspace.layout import Layout
from processor.workspace.removal import delete, discard
from processor.workspace.seal import CONFIG, HEAD, put

#: Branches of the server live here, apart from anything we make.
REMOTE_REFS = "refs/origin"

_MOST_PACKS = 50
_DAMAGE = re.compile(
    r"(?i)corrupt|is empty|bad object|not a git repository|bad tree|missing (blob|tree|commit|necessary)"
    r"|did not send all necessary objects|unable to read|could not read|inflate|loose object|invalid sha1 pointer"
)


def clone_folder(mirror: Path) -> Path:
    """Give the folder in which a mirror is made before it takes its place."""
    return mirror.with_name(f"{mirror.name}.clone")


def is_whole(mirror: Path) -> bool:
    """Tell whether the folder can be a mirror of ours; a clone that was cut off never gets this name."""
    return (mirror / "objects").is_dir() and (mirror / "refs").is_dir()


def update(git: GitDirectory, layout: Layout, held_lock: int) -> None:
    """Fetch every branch, and forget those that are gone; the mirror is made when there is none or it is damaged."""
    if not is_whole(git.path):
        _make(git, layout, held_lock)
        return
    remove_stale_locks(git.path)
    try:
        _fetch(git, held_lock)
    except GitError as exc:
        if not _DAMAGE.search(str(exc)):
            raise
        _make(git, layout, held_lock)
        return
    if len(list((git.path / "objects" / "pack").glob("*.pack"))) > _MOST_PACKS:
        git.run("gc", "--quiet", "--prune=2.weeks.ago", timeout_seconds=git.remote_timeout_seconds)


def remove_stale_locks(mirror: Path) -> None:
    """Remove lock files of a git that was killed; whoever holds the mirror's lock knows that no other is at work."""
    for name in ("packed-refs.lock", "packed-refs.new", "HEAD.lock", "config.lock", "shallow.lock", "gc.pid"):
        (mirror / name).unlink(missing_ok=True)
    for folder, _, files in os.walk(mirror / "refs"):
        for name in files:
            if name.endswith(".lock"):
                Path(folder, name).unlink(missing_ok=True)


def _make(git: GitDirectory, layout: Layout, held_lock: int) -> None:
    temporary = clone_folder(git.path)
    delete(temporary)
    for name in ("objects/pack", "objects/info", "refs/heads", "info"):
        (temporary / name).mkdir(parents=True)
    put(temporary / "config", CONFIG)
    put(temporary / "HEAD", HEAD)
    fresh = GitDirectory(
        path=temporary,
        repository=git.repository,
        url=git.url,
        access=git.access,
        remote_timeout_seconds=git.remote_timeout_seconds,
        should_stop=git.should_stop,
    )
    try:
        _fetch(fresh, held_lock)
    except BaseException:
        delete(temporary)
        raise
    discard(git.path, layout.trash)
    temporary.rename(git.path)


def _fetch(git: GitDirectory, held_lock: int) -> None:
    git.run_remote(
        "fetch",
        "--quiet",
        "--prune",
        "--no-tags",
        "--no-auto-gc",
        "--no-write-fetch-head",
        "--no-recurse-submodules",
        git.url,
        f"+refs/heads/*:{REMOTE_REFS}/*",
        held_lock=held_lock,
    )
