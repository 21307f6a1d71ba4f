"""Make the one commit of a change without any worktree, and read commits that stand on a branch."""

import re
from dataclasses import dataclass
from pathlib import Path

from processor.model import Change
from processor.workspace.git import GitDirectory, View

_FIELDS = "%H%x00%cn <%ce>%x00%(trailers:key=Run-Id,valueonly,separator=%x2C)"
_SEPARATORS = re.compile(r"[,\s]+")


@dataclass(frozen=True, kw_only=True)
class BranchCommit:
    """A commit that stands on a branch; `run_ids` are its `Run-Id` trailers, none for a commit that is not ours."""

    sha: str
    committer: str
    run_ids: tuple[str, ...]


def make_commit(
    git: GitDirectory, folder: Path, change: Change, *, message: str, name: str, email: str, at: int
) -> str:
    """Commit a change on its base commit and give the sha, the same one for the same arguments.

    Args:
        folder: an empty folder for the index.
        at: author's and committer's time, seconds since the epoch, shown as UTC.
    """
    date = f"@{at} +0000"
    identity = {f"GIT_{role}_NAME": name for role in ("AUTHOR", "COMMITTER")}
    identity |= {f"GIT_{role}_EMAIL": email for role in ("AUTHOR", "COMMITTER")}
    identity |= {f"GIT_{role}_DATE": date for role in ("AUTHOR", "COMMITTER")}
    view = View(index=folder / "index", environment=identity)
    git.run("read-tree", change.base_commit, view=view)
    git.run("apply", "--cached", "--whitespace=nowarn", "-", view=view, stdin=change.patch)
    tree = git.run("write-tree", view=view).decode().strip()
    text = f"{message.rstrip()}\n".encode()
    return git.run("commit-tree", tree, "-p", change.base_commit, view=view, stdin=text).decode().strip()


def read_commits(log: bytes) -> tuple[BranchCommit, ...]:
    """Parse `git log -z` with our three fields for each commit."""
    fields = log.decode(errors="replace").split("\0")
    records = zip(fields[0::3], fields[1::3], fields[2::3], strict=False)
    return tuple(
        BranchCommit(sha=sha, committer=committer, run_ids=tuple(filter(None, _SEPARATORS.split(trailers))))
        for sha, committer, trailers in records
    )


def list_commits(git: GitDirectory, base: str, head: str, limit: int) -> tuple[BranchCommit, ...]:
    """List commits that `head` has and `base` has not, newest first, at most `limit`."""
    log = git.run("log", "-z", f"--max-count={limit}", f"--format={_FIELDS}", head, f"^{base}", "--")
    return read_commits(log)
