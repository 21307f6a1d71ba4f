"""Where mirrors, worktrees and locks lie under the workspace's root, and how a run's id becomes a folder name."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

from processor.errors import WorkspaceError

Purpose = Literal["change", "base"]

_WORKTREE = re.compile(r"^(?P<run>.+)-(?P<purpose>change|base)$")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Layout:
    """The folders under one root; nothing is made here."""

    root: Path

    @property
    def mirrors(self) -> Path:
        return self.root / "mirrors"

    @property
    def worktrees(self) -> Path:
        return self.root / "worktrees"

    @property
    def starts(self) -> Path:
        """What each worktree was at its start: index and commit, out of the agent's way."""
        return self.root / "starts"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def trash(self) -> Path:
        """Folders that are being deleted; whatever is found here may go."""
        return self.root / "trash"

    def mirror(self, repository: str) -> Path:
        return self.mirrors / f"{repository.replace('/', '__')}.git"

    def lock(self, mirror: Path) -> Path:
        return self.locks / f"{mirror.name}.lock"

    def worktree(self, run_id: str, purpose: Purpose) -> Path:
        """Give the worktree's folder; raises WorkspaceError for an id that makes no file name."""
        name = quote(run_id, safe="")
        if not name or len(name) > _LONGEST_NAME:
            raise WorkspaceError(f"run id {run_id[:80]!r} has {len(name)} characters; use 1 to {_LONGEST_NAME}")
        return self.worktrees / f"{name}-{purpose}"

    def start(self, worktree: Path) -> Path:
        return self.starts / worktree.name


def run_of(name: str) -> str | None:
    """Read the run id from a worktree's folder name; None when the folder is not one of ours."""
    match = _WORKTREE.match(name)
    return unquote(match["run"]) if match else None
