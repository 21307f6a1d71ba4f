"""Deal with repositories inside a worktree: what an agent cloned or made there must not vanish from its change."""

import os
from pathlib import Path

from processor.errors import AgentError
from processor.workspace.removal import delete

_SUBMODULE_MODE = b"160000"


def dissolve_nested_repositories(worktree: Path) -> frozenset[str]:
    """Remove every `.git` below the worktree's own, and name the folders that had one, relative to the worktree.

    Without it git would record a commit that nobody else has instead of the files, and would run what the nested
    repository's settings name.
    """
    dissolved = set()
    for folder, folders, files in os.walk(worktree):
        is_top = Path(folder) == worktree
        if ".git" in folders or ".git" in files:
            if not is_top:
                delete(Path(folder, ".git"))
                dissolved.add(str(Path(folder).relative_to(worktree)))
            if ".git" in folders:
                folders.remove(".git")
    return frozenset(dissolved)


def read_submodules(staged: bytes) -> tuple[str, ...]:
    r"""Parse `git ls-files --stage -z` (`MODE SHA STAGE\tPATH\0`) for the paths of submodules."""
    records = (record.partition(b"\t") for record in staged.split(b"\0") if record)
    return tuple(os.fsdecode(path) for mode, _, path in records if mode.startswith(_SUBMODULE_MODE))


def refuse_files_in_submodules(worktree: Path, submodules: tuple[str, ...], checked_out: frozenset[str]) -> None:
    """Refuse files written into an empty submodule folder, because no commit of this repository can hold them.

    A submodule that was checked out by the agent for its own use is left out of the change; it is not ours to move.

    Raises:
        AgentError: files would be lost.
    """
    for path in submodules:
        folder = worktree / path
        if path not in checked_out and folder.is_dir() and any(folder.iterdir()):
            raise AgentError(
                f"agent wrote files into the submodule {path}, which a change of this repository cannot hold; "
                "move the issue to the submodule's own repository"
            )
