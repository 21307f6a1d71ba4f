"""Capture what an agent did as a value, and put such a value into another worktree."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processor.errors import AgentError, GitError, WorkspaceError
from processor.model import Change
from processor.workspace.git import GitDirectory, View
from processor.workspace.layout import Layout
from processor.workspace.nested import dissolve_nested_repositories, read_submodules, refuse_files_in_submodules
from processor.workspace.patch import CountedPatch, read_counted_patch
from processor.workspace.worktrees import start_commit

_DIFF = (
    "diff-index",
    "--cached",
    "-z",
    "--numstat",
    "--patch",
    "--binary",
    "--full-index",
    "--find-renames",
    "-l1000",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--unified=3",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)


@contextmanager
def scratch(layout: Layout) -> Iterator[Path]:
    """Give an empty folder that is gone afterwards."""
    layout.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=layout.scratch) as folder:
        yield Path(folder)


def capture(git: GitDirectory, layout: Layout, worktree: Path, base_commit: str, max_patch_bytes: int) -> Change | None:
    """Compare the worktree's files with the base commit; what was committed there in between makes no difference.

    Files that .gitignore names are left out. None means that nothing changed.

    Raises:
        AgentError: the patch is larger than `max_patch_bytes`, or holds what git cannot record; the worktree is gone.
    """
    if worktree.is_symlink() or not worktree.is_dir():
        # Through a link we would publish, and tidy up, a folder of somebody else's.
        raise AgentError(f"agent removed its worktree {worktree.name}, or put a link in its place; see what it printed")
    dissolved = dissolve_nested_repositories(worktree)
    with scratch(layout) as folder:
        objects = folder / "objects"
        objects.mkdir()
        view = View(worktree=worktree, index=folder / "index", new_objects=objects)
        _take_index(git, layout, worktree, base_commit, view)
        if (worktree / ".gitmodules").exists():
            submodules = read_submodules(git.run("ls-files", "--stage", "-z", view=view))
            refuse_files_in_submodules(worktree, submodules, dissolved)
        try:
            git.run("add", "--all", "--", ".", view=view)
        except GitError as exc:
            raise AgentError(f"agent left files that cannot be recorded: {exc}") from exc
        counted = _compare(git, view, folder / "patch", base_commit, max_patch_bytes)
    return _as_change(counted, base_commit) if counted.patch else None


def apply(git: GitDirectory, layout: Layout, worktree: Path, change: Change) -> None:
    """Put a change into a worktree that stands at its base commit.

    Raises:
        WorkspaceError: the worktree was made at another commit.
        GitError: the change does not fit.
    """
    start = start_commit(layout, worktree)
    if start != change.base_commit:
        raise WorkspaceError(
            f"worktree {worktree.name} stands at {start or 'no commit of ours'} and the change is for "
            f"{change.base_commit}; make the worktree anew at that commit"
        )
    with scratch(layout) as folder:
        view = View(worktree=worktree, index=folder / "index")
        _take_index(git, layout, worktree, change.base_commit, view)
        git.run("apply", "--index", "--whitespace=nowarn", "-", view=view, stdin=change.patch)


def _take_index(git: GitDirectory, layout: Layout, worktree: Path, base_commit: str, view: View) -> None:
    if view.index is not None and start_commit(layout, worktree) == base_commit:
        # Copied with its time, by which git knows which files it has to read again.
        shutil.copy2(layout.start(worktree) / "index", view.index)
    else:
        git.run("read-tree", base_commit, view=view)


def _compare(git: GitDirectory, view: View, output: Path, base_commit: str, max_patch_bytes: int) -> CountedPatch:
    with output.open("w+b") as file:
        git.run(*_DIFF, base_commit, view=view, stdout=file)
        size = file.seek(0, 2)
        if size > max_patch_bytes:
            raise AgentError(
                f"agent's change is {size} bytes, over the limit of {max_patch_bytes} bytes; "
                "raise security.max_patch_bytes or split the issue"
            )
        file.seek(0)
        return read_counted_patch(file.read())


def _as_change(counted: CountedPatch, base_commit: str) -> Change:
    try:
        files = tuple(path.decode() for path in counted.files)
    except UnicodeDecodeError as exc:
        raise AgentError(
            f"agent changed a file whose name is not UTF-8: {exc.object!r}; rename it or leave it out"
        ) from exc
    return Change(
        base_commit=base_commit,
        patch=counted.patch,
        files=files,
        added_lines=counted.added_lines,
        removed_lines=counted.removed_lines,
    )
