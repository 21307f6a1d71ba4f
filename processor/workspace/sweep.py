"""Remove what earlier runs left in the workspace on this machine: all of it at a start, some while others work."""

import contextlib
import os
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from processor.errors import WorkspaceError
from processor.workspace import worktrees
from processor.workspace.layout import Layout
from processor.workspace.lock import hold
from processor.workspace.mirroring import clone_folder, remove_stale_locks
from processor.workspace.removal import delete, discard

#: Another process may be at work here; nothing of ours needs a scratch folder or half a pack for longer.
_ABANDONED_SECONDS = 86_400.0


def sweep(root: Path, needed: Callable[[], Collection[str]]) -> tuple[str, ...]:
    """Remove the worktrees of runs that are not needed, and abandoned clones, locks, packs and scratch folders.

    Give the ids of the runs whose worktrees went. Runs are told apart by their exact id.

    Args:
        needed: names the runs that go on; asked after the look at the folder, for others begin runs meanwhile.
    """
    layout = Layout(root.absolute())
    found = worktrees.list_runs(layout)
    kept = frozenset(needed())
    gone = tuple(run_id for run_id in found if run_id not in kept)
    for run_id in gone:
        worktrees.remove(layout, run_id)
    for doomed in (*_entries(layout.trash), *_abandoned(layout.scratch, _ABANDONED_SECONDS)):
        delete(doomed)
    for mirror in _entries(layout.mirrors):
        _tidy(layout, mirror)
    return gone


def _tidy(layout: Layout, mirror: Path) -> None:
    if mirror.suffix != ".git":
        return
    # Whoever holds the lock is alive and at work, so what lies there is in use.
    with contextlib.suppress(WorkspaceError), hold(layout.lock(mirror), timeout_seconds=0):
        delete(clone_folder(mirror))
        remove_stale_locks(mirror)
        for path in _abandoned(mirror / "objects" / "pack", _ABANDONED_SECONDS):
            if path.name.startswith("tmp_"):
                delete(path)


def _entries(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        yield from sorted(Path(entry.path) for entry in os.scandir(folder))


def _abandoned(folder: Path, seconds: float) -> Iterator[Path]:
    for path in _entries(folder):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.lstat().st_mtime > seconds:
                yield path


def list_worktree_runs(root: Path) -> tuple[str, ...]:
    """List the runs that have a worktree here, over or not."""
    return worktrees.list_runs(Layout(root.absolute()))


def remove_worktrees(root: Path, run_ids: Collection[str]) -> None:
    """Remove the worktrees of these runs, by their exact ids; safe while others work."""
    layout = Layout(root.absolute())
    for run_id in run_ids:
        worktrees.remove(layout, run_id)


def list_scratch(root: Path, unused_seconds: float) -> tuple[Path, ...]:
    """List scratch folders that nobody has used for so long."""
    return tuple(_abandoned(Layout(root.absolute()).scratch, unused_seconds))


def has_mirror(root: Path, repository: str) -> bool:
    """Tell whether there is a mirror of ours; a link is none."""
    mirror = Layout(root.absolute()).mirror(repository)
    return mirror.is_dir() and not mirror.is_symlink()


def drop_mirror(root: Path, repository: str, is_idle: Callable[[], bool]) -> bool:
    """Delete the mirror of a repository that nobody works on; False when there is none, or somebody has it.

    Args:
        is_idle: asked while the mirror's lock is held: a run that begins later waits for it, and makes the mirror anew.
    """
    layout = Layout(root.absolute())
    mirror = layout.mirror(repository)
    if not has_mirror(root, repository):
        return False
    with contextlib.suppress(WorkspaceError), hold(layout.lock(mirror), timeout_seconds=0):
        return is_idle() and discard(mirror, layout.trash)
    return False
