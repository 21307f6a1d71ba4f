"""Make and remove worktrees: a checkout at an exact commit, with a small repository of its own for the agent."""

import contextlib
import os
import shutil
from pathlib import Path

from processor.workspace.git import GitDirectory, View
from processor.workspace.layout import Layout, Purpose, run_of
from processor.workspace.removal import discard

PURPOSES: tuple[Purpose, ...] = ("change", "base")

_CONFIG = """[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
[gc]
\tauto = 0
[user]
\tname = agent
\temail = agent@localhost
"""


def create(git: GitDirectory, layout: Layout, worktree: Path, commit: str) -> None:
    """Check out `commit` in a fresh folder; what stood there is removed first.

    The index goes to the start folder, where it later tells quickly and truly what has changed since.
    """
    discard(worktree, layout.trash)
    start = layout.start(worktree)
    discard(start, layout.trash)
    worktree.mkdir(parents=True)
    start.mkdir(parents=True)
    git.run("read-tree", "--reset", "-u", commit, view=View(worktree=worktree, index=start / "index"))
    (start / "commit").write_text(commit)


def give_repository(git: GitDirectory, layout: Layout, worktree: Path, commit: str) -> None:
    """Make the worktree's own `.git`, so that an agent can look at history, stash and commit without touching ours.

    Needs the mirror's lock, under which packs stay. A hard link costs no space and outlives the mirror's own copy.
    """
    own = worktree / ".git"
    packs = own / "objects" / "pack"
    packs.mkdir(parents=True)
    (own / "refs" / "heads").mkdir(parents=True)
    (own / "HEAD").write_text(f"{commit}\n")
    (own / "config").write_text(_CONFIG)
    for entry in os.scandir(git.path / "objects" / "pack"):
        if not entry.name.startswith("tmp_"):
            os.link(entry.path, packs / entry.name)
    # The time of the index tells git which files may have changed after it was written, so it is kept.
    shutil.copy2(layout.start(worktree) / "index", own / "index")


def start_commit(layout: Layout, worktree: Path) -> str | None:
    """Tell the commit that a worktree was made at; None when it was not made by us."""
    try:
        return (layout.start(worktree) / "commit").read_text()
    except FileNotFoundError:
        return None


def remove(layout: Layout, run_id: str) -> None:
    """Remove a run's worktrees, by its exact id; missing ones are no matter."""
    for purpose in PURPOSES:
        worktree = layout.worktree(run_id, purpose)
        discard(worktree, layout.trash)
        discard(layout.start(worktree), layout.trash)


def list_runs(layout: Layout) -> tuple[str, ...]:
    """List the ids of runs that have something here, sorted."""
    found = set()
    for folder in (layout.worktrees, layout.starts):
        with contextlib.suppress(FileNotFoundError):
            found |= {run_of(entry.name) for entry in os.scandir(folder)}
    return tuple(sorted(run for run in found if run is not None))
