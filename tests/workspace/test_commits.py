"""The commit of a change is the same one however often and wherever it is made."""

from pathlib import Path

import pytest

from processor.errors import GitError
from processor.model import Change
from processor.workspace import Mirror
from tests.workspace.conftest import LIMIT, NAME, Remote, no_access, run_git

MESSAGE = "Fix the greeting\n\nFixes #7.\n\nRun-Id: 7-ab12\n"


@pytest.fixture
def change(mirror: Mirror, worktree: Path, base: str) -> Change:
    (worktree / "README.md").write_text("# Demo, mended\n")
    (worktree / "tool.sh").write_text("#!/bin/sh\n")
    (worktree / "tool.sh").chmod(0o755)
    captured = mirror.capture_change(worktree, base, LIMIT)
    assert captured is not None
    return captured


def commit(mirror: Mirror, change: Change, *, at: int = 1_700_000_000, message: str = MESSAGE) -> str:
    return mirror.commit(change, message=message, name="Auto Issue Processor", email="bot@localhost", at=at)


def show(root: Path, sha: str, form: str) -> str:
    return run_git(root / "mirrors" / "octo__demo.git", "show", "--no-patch", f"--format={form}", sha)


def test_a_commit_says_what_it_was_told(mirror: Mirror, change: Change, base: str, root: Path) -> None:
    sha = commit(mirror, change)
    people = "Auto Issue Processor <bot@localhost> 1700000000"
    assert show(root, sha, "%an <%ae> %at|%cn <%ce> %ct|%P") == f"{people}|{people}|{base}"
    assert show(root, sha, "%B") == MESSAGE.strip()
    assert show(root, sha, "%ai") == "2023-11-14 22:13:20 +0000"


def test_a_commit_holds_the_change_and_nothing_else(mirror: Mirror, change: Change, base: str) -> None:
    worktree = mirror.add_worktree("8", commit(mirror, change), "change")
    assert (worktree / "README.md").read_text() == "# Demo, mended\n"
    again = mirror.capture_change(worktree, base, LIMIT)
    assert again == change


def test_the_same_arguments_give_the_same_commit_on_another_machine(
    mirror: Mirror, change: Change, remote: Remote, tmp_path: Path
) -> None:
    elsewhere = Mirror(tmp_path / "elsewhere", NAME, str(remote.path), no_access)
    assert commit(mirror, change) == commit(elsewhere, change) == commit(mirror, change)
    assert commit(mirror, change, at=1_700_000_001) != commit(mirror, change)


def test_a_small_time_and_odd_letters_are_taken_literally(mirror: Mirror, change: Change, root: Path) -> None:
    message = 'Fix "quotes" $(touch x) `y` 日本語\n\n-- \n# not a comment'
    sha = commit(mirror, change, at=1, message=message)
    assert show(root, sha, "%at") == "1"
    assert show(root, sha, "%B") == message


def test_a_patch_that_does_not_fit_is_an_error(mirror: Mirror, change: Change) -> None:
    spoilt = Change(
        base_commit=change.base_commit,
        patch=change.patch.replace(b"-# Demo", b"-# Other"),
        files=change.files,
        added_lines=1,
        removed_lines=1,
    )
    with pytest.raises(
        GitError, match=r"git apply for octo/demo failed with exit code 1: error: README\.md: patch does"
    ):
        commit(mirror, spoilt)


def test_a_patch_never_writes_outside_or_into_git(mirror: Mirror, base: str, tmp_path: Path) -> None:
    for path in ("../escaped", ".git/hooks/post-checkout", "/tmp/escaped"):  # noqa: S108  # must not be written
        patch = f"diff --git a/{path} b/{path}\nnew file mode 100755\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"
        evil = Change(base_commit=base, patch=patch.encode(), files=(path,), added_lines=1, removed_lines=0)
        with pytest.raises(GitError):
            commit(mirror, evil)
        with pytest.raises(GitError):
            mirror.apply_change(mirror.add_worktree("9", base, "change"), evil)
    assert list(tmp_path.rglob("escaped")) == []


def test_run_ids_tell_our_commits_from_those_of_others(
    mirror: Mirror, change: Change, remote: Remote, base: str
) -> None:
    ours = commit(mirror, change)
    mirror.push(ours, "auto-fix/issue-7", expected=None)
    mirror.fetch()
    assert mirror.read_run_ids("auto-fix/issue-7") == ("7-ab12",)
    remote.git("fetch", "--quiet", "origin")
    remote.git("checkout", "--quiet", "-b", "mine", "origin/auto-fix/issue-7")
    theirs = remote.commit({"mine.txt": "mine\n"}, branch="auto-fix/issue-7", message="Run-Id 7-ab12 in passing")
    mirror.fetch()
    assert mirror.read_run_ids("auto-fix/issue-7") == ()
    assert mirror.read_run_ids("main") == ()
    found = [(listed.sha, listed.run_ids, listed.committer) for listed in mirror.list_commits(base, theirs)]
    assert found == [
        (theirs, (), "Person <person@localhost>"),
        (ours, ("7-ab12",), "Auto Issue Processor <bot@localhost>"),
    ]
    assert mirror.list_commits(theirs, base) == ()
