"""The local copy of one repository: fetch it, check it out, capture changes, commit and push."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from processor.errors import GitError, WorkspaceError
from processor.model import Change, GitAccess
from processor.workspace import changes, commits, mirroring, push, worktrees
from processor.workspace.git import GitDirectory
from processor.workspace.layout import Layout, Purpose
from processor.workspace.lock import hold

_Result = TypeVar("_Result")

_COMMIT = re.compile(r"[0-9a-f]{40}")
#: What git forbids in a branch's name, and a leading minus, which would make it an option.
_BAD_BRANCH = re.compile(r"^[-/.]|[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|[/.]$|^@?$")
_MOST_COMMITS_LISTED = 100


class Mirror:
    """One repository, mirrored below `root`. Several threads and processes may use the same mirror.

    Args:
        root: folder for mirrors and worktrees, on a local disk.
        repository: `OWNER/REPO`.
        clone_url: address without credentials.
        access: asked before each talk with the server, because tokens expire.
        timeout_seconds: limit of one command that talks to the server.
        should_stop: asked while the server is talked to and the mirror is waited for; True raises RunCancelled.
    """

    def __init__(
        self,
        root: Path,
        repository: str,
        clone_url: str,
        access: Callable[[], GitAccess],
        *,
        timeout_seconds: float = 600.0,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._layout = Layout(root.absolute())
        self._timeout_seconds = timeout_seconds
        self._git = GitDirectory(
            path=self._layout.mirror(repository),
            repository=repository,
            url=clone_url,
            access=access,
            remote_timeout_seconds=timeout_seconds,
            should_stop=should_stop,
        )

    def fetch(self) -> None:
        """Bring the mirror up to date; the first time makes it, a damaged one is made anew.

        Raises:
            NetworkError, GitHubAuthError, GitHubNotFound, GitError: the server cannot be reached or refuses.
            WorkspaceError: another process kept the mirror locked too long.
        """
        with self._held() as lock:
            mirroring.update(self._git, self._layout, lock)

    def resolve(self, branch: str) -> str:
        """Give the commit (40 hexadecimal digits) that a branch had at the last fetch.

        Raises:
            WorkspaceError: there is no such branch.
        """
        self._need_mirror()
        ref = f"{mirroring.REMOTE_REFS}/{_checked_branch(branch)}"
        found = self._git.run("for-each-ref", "--format=%(objectname) %(refname)", ref).decode().splitlines()
        # A name also finds what lies below it as in a folder.
        sha = next((line.split(" ")[0] for line in found if line.endswith(f" {ref}")), None)
        if sha is None:
            raise WorkspaceError(f"{self._git.repository} has no branch {branch}; {self._remedy()}")
        return sha

    def _remedy(self) -> str:
        if not self._git.run("for-each-ref", "--count=1", mirroring.REMOTE_REFS):
            return "it is empty: push a first commit, then retry"
        return "set base_branch of this repository to one that exists"

    def add_worktree(self, run_id: str, commit: str, purpose: Purpose) -> Path:
        """Check out exactly `commit` for a run, and give the folder; what it held before is gone.

        Raises:
            WorkspaceError: the repository has no such commit any more.
        """
        worktree = self._layout.worktree(run_id, purpose)
        self._with_commit(commit, lambda: worktrees.create(self._git, self._layout, worktree, commit))
        with self._held():
            worktrees.give_repository(self._git, self._layout, worktree, commit)
        return worktree

    def remove_worktrees(self, run_id: str) -> None:
        """Remove what `add_worktree` made for exactly this run; nothing to remove is no fault."""
        worktrees.remove(self._layout, run_id)

    def list_worktrees(self) -> tuple[str, ...]:
        """List the ids of runs that have a worktree below the root, of whatever repository."""
        return worktrees.list_runs(self._layout)

    def capture_change(self, worktree: Path, base_commit: str, max_patch_bytes: int) -> Change | None:
        """Take what differs from the base commit as a value: new, changed, deleted, renamed files, modes and links.

        What the agent committed counts like what it did not. Files named by .gitignore are left out. Nested
        repositories become plain files. None when nothing changed.

        Raises:
            AgentError: the change is too large, or holds what cannot be recorded.
        """
        self._need_mirror()
        return changes.capture(self._git, self._layout, worktree, base_commit, max_patch_bytes)

    def apply_change(self, worktree: Path, change: Change) -> None:
        """Put a change into a fresh worktree that was made at its base commit.

        Raises:
            WorkspaceError: the worktree stands at another commit.
        """
        self._need_mirror()
        changes.apply(self._git, self._layout, worktree, change)

    def commit(self, change: Change, *, message: str, name: str, email: str, at: int) -> str:
        """Make the commit of a change and give its sha; the same arguments give the same sha on every machine.

        `at` is the time in it, seconds since the epoch. No worktree, hook, signature or setting takes part.
        """

        def make() -> str:
            with changes.scratch(self._layout) as folder:
                return commits.make_commit(self._git, folder, change, message=message, name=name, email=email, at=at)

        return self._with_commit(change.base_commit, make)

    def push(self, commit: str, branch: str, *, expected: str | None) -> push.PushResult:
        """Create `branch` at `commit` (`expected` None), or move it from exactly `expected`.

        Raises:
            PublishConflict: another commit stands there, or the server's rules refuse the branch.
            NetworkError: the connection broke; ask `remote_branch_sha` before the next try.
        """
        self._need_mirror()
        return push.push(self._git, commit, _checked_branch(branch), expected=expected)

    def remote_branch_sha(self, branch: str) -> str | None:
        """Ask the server where a branch stands now; None when it does not exist."""
        self._need_mirror()
        return push.branch_sha(self._git, _checked_branch(branch))

    def list_commits(self, base: str, head: str) -> tuple[commits.BranchCommit, ...]:
        """List the commits that `head` has over `base`, newest first, at most 100; both as of the last fetch."""
        self._need_mirror()
        return commits.list_commits(self._git, _checked_commit(base), _checked_commit(head), _MOST_COMMITS_LISTED)

    def read_run_ids(self, branch: str) -> tuple[str, ...]:
        """Read the `Run-Id` trailers of the commit on which a branch stands at the last fetch; none is not ours."""
        head = self.resolve(branch)
        return commits.list_commits(self._git, f"{head}^@", head, 1)[0].run_ids

    def tracked_files(self, commit: str) -> tuple[str, ...]:
        """List the paths that a commit holds, relative to its top; a submodule counts as one path."""
        listing = self._with_commit(commit, lambda: self._git.run("ls-tree", "-r", "-z", "--name-only", commit))
        return tuple(path.decode(errors="surrogateescape") for path in listing.split(b"\0") if path)

    def _held(self) -> AbstractContextManager[int]:
        lock = self._layout.lock(self._git.path)
        return hold(lock, timeout_seconds=2 * self._timeout_seconds, should_stop=self._git.should_stop)

    def _need_mirror(self) -> None:
        # Another machine may have begun this run.
        if not mirroring.is_whole(self._git.path):
            self.fetch()

    def _with_commit(self, commit: str, work: Callable[[], _Result]) -> _Result:
        """Do what needs a commit; only when it fails is it worth a git process to see whether the commit is there."""
        _checked_commit(commit)
        self._need_mirror()
        try:
            return work()
        except GitError:
            if self._has(commit):
                raise
        self.fetch()
        if not self._has(commit):
            raise WorkspaceError(
                f"{self._git.repository} has no commit {commit} any more; retry the issue from the newest commit"
            )
        return work()

    def _has(self, commit: str) -> bool:
        try:
            self._git.run("cat-file", "-e", f"{commit}^{{commit}}")
        except GitError:
            return False
        return True


def _checked_branch(branch: str) -> str:
    if _BAD_BRANCH.search(branch):
        raise WorkspaceError(f"{branch!r} is no name for a branch; see `git check-ref-format --help`")
    return branch


def _checked_commit(commit: str) -> str:
    if not _COMMIT.fullmatch(commit):
        raise WorkspaceError(f"{commit!r} is no full commit; give its 40 hexadecimal digits")
    return commit
