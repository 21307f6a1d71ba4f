"""Push one commit to one branch, never over a commit that was not expected there."""

import re
from dataclasses import dataclass
from enum import StrEnum

from processor.errors import GitError, NetworkError, PublishConflict
from processor.workspace.failures import failure, last_line
from processor.workspace.git import GitDirectory

_STATUS = re.compile(r"^(?P<flag>[ +*=!-])\t[^\t]*\t(?P<summary>.*)$", re.MULTILINE)
#: Somebody moved the branch at the same moment; what counts is where it stands afterwards.
_RACE = re.compile(r"(?i)cannot lock ref|failed to (update|lock)|reference already exists|stale info|fetch first")


class PushEffect(StrEnum):
    """What a push did to the branch."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"  #: it held exactly our commit already


@dataclass(frozen=True, kw_only=True)
class PushResult:
    """A branch that holds our commit."""

    branch: str
    commit: str
    effect: PushEffect


_EFFECTS = {"*": PushEffect.CREATED, "=": PushEffect.UNCHANGED}


def push(git: GitDirectory, commit: str, branch: str, *, expected: str | None) -> PushResult:
    """Create the branch (`expected` None) or move it from exactly `expected` to `commit`.

    Raises:
        PublishConflict: another commit stands there, or the server's rules refuse the branch.
        NetworkError: the connection broke; the push may have taken effect, so look before the next try.
    """
    ref = f"refs/heads/{branch}"
    lease = f"--force-with-lease={ref}:{expected or ''}"
    done = git.call("push", "--porcelain", "--no-verify", "--recurse-submodules=no", lease, git.url, f"{commit}:{ref}")
    status = _STATUS.search(done.stdout.decode(errors="replace"))
    if status is not None and status["flag"] == "!":
        _raise_unless_race(git, branch, status["summary"], done.stderr)
        effect = _look_after_race(git, commit, branch, expected, status["summary"])
    elif status is None or done.exit_code != 0:
        raise failure("push", git.repository, done.exit_code, done.stderr, is_remote=True)
    else:
        effect = _EFFECTS.get(status["flag"], PushEffect.UPDATED)
    return PushResult(branch=branch, commit=commit, effect=effect)


def branch_sha(git: GitDirectory, branch: str) -> str | None:
    """Ask the server where a branch stands; None when there is none of exactly this name."""
    ref = f"refs/heads/{branch}"
    listing = git.run_remote("ls-remote", "--heads", git.url, ref).decode(errors="replace")
    rows = (line.split("\t") for line in listing.splitlines())
    return next((row[0] for row in rows if row[1:] == [ref]), None)


def _raise_unless_race(git: GitDirectory, branch: str, summary: str, stderr: str) -> None:
    if "remote failure" in summary:
        raise NetworkError(
            f"git push for {git.repository} lost the connection: {summary}; look whether {branch} was moved"
        )
    if not _RACE.search(summary):
        raise PublishConflict(
            f"{git.repository} refuses branch {branch}: {summary}; {last_line(stderr)}; "
            "let our account write such branches, or change publish.branch_prefix"
        )


def _look_after_race(git: GitDirectory, commit: str, branch: str, expected: str | None, summary: str) -> PushEffect:
    standing = branch_sha(git, branch)
    if standing == commit:
        return PushEffect.UNCHANGED
    if standing == expected:
        raise GitError(
            f"git push for {git.repository} was refused: {summary}; nothing was moved, so it can be repeated"
        )
    raise PublishConflict(
        f"branch {branch} of {git.repository} stands at {standing or 'no commit'}, expected was "
        f"{expected or 'no branch'}; look at the branch, then move or delete it and retry"
    )
