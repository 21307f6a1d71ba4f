"""A push makes or moves our branch, and never covers what it did not expect there."""

from pathlib import Path

import pytest

from processor.errors import GitError, PublishConflict, WorkspaceError
from processor.workspace import Mirror, PushEffect
from tests.workspace.conftest import LIMIT, Remote

BRANCH = "auto-fix/issue-7"


def commit(mirror: Mirror, base: str, text: str) -> str:
    worktree = mirror.add_worktree("7", base, "change")
    (worktree / "README.md").write_text(text)
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    return mirror.commit(change, message="Fix", name="Bot", email="bot@localhost", at=1_700_000_000)


@pytest.fixture
def ours(mirror: Mirror, base: str) -> str:
    return commit(mirror, base, "ours\n")


def test_a_new_branch_is_created(mirror: Mirror, remote: Remote, ours: str) -> None:
    assert mirror.remote_branch_sha(BRANCH) is None
    result = mirror.push(ours, BRANCH, expected=None)
    assert (result.branch, result.commit, result.effect) == (BRANCH, ours, PushEffect.CREATED)
    assert mirror.remote_branch_sha(BRANCH) == remote.branches()[BRANCH] == ours


def test_pushing_again_changes_nothing_and_succeeds(mirror: Mirror, ours: str) -> None:
    mirror.push(ours, BRANCH, expected=None)
    assert mirror.push(ours, BRANCH, expected=None).effect is PushEffect.UNCHANGED
    assert mirror.push(ours, BRANCH, expected="1" * 40).effect is PushEffect.UNCHANGED


def test_our_own_commit_is_replaced_when_it_is_the_expected_one(
    mirror: Mirror, remote: Remote, base: str, ours: str
) -> None:
    mirror.push(ours, BRANCH, expected=None)
    better = commit(mirror, base, "better\n")
    assert mirror.push(better, BRANCH, expected=ours).effect is PushEffect.UPDATED
    assert remote.branches()[BRANCH] == better


@pytest.mark.parametrize("expected", ["nothing", "ours"])
def test_commits_of_others_are_never_overwritten(mirror: Mirror, remote: Remote, ours: str, expected: str) -> None:
    theirs = remote.commit({"theirs.txt": "theirs\n"}, branch=BRANCH)
    with pytest.raises(PublishConflict) as caught:
        mirror.push(ours, BRANCH, expected=None if expected == "nothing" else ours)
    assert str(caught.value) == (
        f"branch {BRANCH} of octo/demo stands at {theirs}, expected was "
        f"{'no branch' if expected == 'nothing' else ours}; look at the branch, then move or delete it and retry"
    )
    assert remote.branches()[BRANCH] == theirs


def test_a_branch_that_somebody_deleted_is_not_made_again(mirror: Mirror, remote: Remote, base: str, ours: str) -> None:
    with pytest.raises(PublishConflict, match="stands at no commit, expected was"):
        mirror.push(commit(mirror, base, "better\n"), BRANCH, expected=ours)
    assert BRANCH not in remote.branches()


def test_only_the_named_branch_is_touched(mirror: Mirror, remote: Remote, ours: str) -> None:
    other = remote.commit({"x": "x"}, branch="auto-fix/issue-77")
    before = remote.branches()
    mirror.push(ours, BRANCH, expected=None)
    assert remote.branches() == {**before, BRANCH: ours, "auto-fix/issue-77": other}


def test_a_branch_is_found_by_its_exact_name(mirror: Mirror, remote: Remote) -> None:
    remote.commit({"x": "x"}, branch=f"copies/refs/heads/{BRANCH}")
    remote.commit({"y": "y"}, branch=f"{BRANCH}0")
    assert mirror.remote_branch_sha(BRANCH) is None


def test_a_branch_that_the_server_protects_is_a_clear_error(mirror: Mirror, remote: Remote, ours: str) -> None:
    hook = remote.path / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(PublishConflict) as caught:
        mirror.push(ours, BRANCH, expected=None)
    assert str(caught.value) == (
        f"octo/demo refuses branch {BRANCH}: [remote rejected] (pre-receive hook declined); error: failed to push some "
        f"refs to '{remote.path}'; let our account write such branches, or change publish.branch_prefix"
    )
    assert BRANCH not in remote.branches()


def test_a_lock_on_the_server_can_be_tried_again(mirror: Mirror, remote: Remote, ours: str) -> None:
    lock = remote.path / "refs" / "heads" / f"{BRANCH}.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with pytest.raises(GitError, match="nothing was moved, so it can be repeated"):
        mirror.push(ours, BRANCH, expected=None)
    lock.unlink()
    assert mirror.push(ours, BRANCH, expected=None).effect is PushEffect.CREATED


def test_a_server_that_is_gone_is_an_error(mirror: Mirror, remote: Remote, ours: str, tmp_path: Path) -> None:
    remote.path.rename(tmp_path / "moved.git")
    with pytest.raises(GitError, match="git push for octo/demo failed with exit code 128"):
        mirror.push(ours, BRANCH, expected=None)


@pytest.mark.parametrize("branch", ["--mirror", "main:evil", "a b", "refs/../x"])
def test_a_branch_name_is_never_an_option_or_a_refspec(mirror: Mirror, remote: Remote, ours: str, branch: str) -> None:
    before = remote.branches()
    with pytest.raises(WorkspaceError, match="is no name for a branch"):
        mirror.push(ours, branch, expected=None)
    assert remote.branches() == before
