"""Where mirrors, worktrees and what belongs to them lie, and how a run's id becomes a folder name."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

from processor.errors import WorkspaceError

Purpose = Literal["change", "base"]

_WORKTREE = re.compile(r"^(?P<run>.+)-(?:change|base)$")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Layout:
    """The folders under one absolute root; nothing is made here."""

    root: Path

    @property
    def mirrors(self) -> Path:
        """Bare repositories, one per repository."""
        return self.root / "mirrors"

    @property
    def worktrees(self) -> Path:
        """Checkouts, one per run and purpose."""
        return self.root / "worktrees"

    @property
    def starts(self) -> Path:
        """What each worktree was at its start: index and commit, out of the agent's way."""
        return self.root / "workspace" / "starts"

    @property
    def locks(self) -> Path:
        """One lock file per mirror."""
        return self.root / "workspace" / "locks"

    @property
    def scratch(self) -> Path:
        """Short-lived folders of single commands."""
        return self.root / "workspace" / "scratch"

    @property
    def trash(self) -> Path:
        """Folders that are being deleted; whatever is found here may go."""
        return self.root / "workspace" / "trash"

    def mirror(self, repository: str) -> Path:
        """Give the mirror's folder of `OWNER/REPO`."""
        return self.mirrors / f"{repository.replace('/', '__')}.git"

    def lock(self, mirror: Path) -> Path:
        """Give the lock file of a mirror's folder."""
        return self.locks / f"{mirror.name}.lock"

    def worktree(self, run_id: str, purpose: Purpose) -> Path:
        """Give the worktree's folder; raises WorkspaceError for an id that makes no file name."""
        name = quote(run_id, safe="")
        if not name or len(name) > _LONGEST_NAME:
            raise WorkspaceError(
                f"run id {run_id[:40]!r} makes a file name of {len(name)} characters; use an id of 1 to {_LONGEST_NAME}"
            )
        return self.worktrees / f"{name}-{purpose}"

    def start(self, worktree: Path) -> Path:
        """Give the folder that keeps what a worktree was at its start."""
        return self.starts / worktree.name


def run_of(name: str) -> str | None:
    """Read the run id from a worktree's folder name; None when the folder is not one of ours."""
    match = _WORKTREE.match(name)
    return unquote(match["run"]) if match else None
