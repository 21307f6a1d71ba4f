"""Counts and patch are told apart in git's combined output."""

from processor.workspace.commits import BranchCommit, read_commits
from processor.workspace.nested import read_submodules
from processor.workspace.patch import read_counted_patch


def test_plain_renamed_and_binary_files_are_counted() -> None:
    output = b"3\t1\ta.py\0-\t-\tpicture.png\0" + b"1\t0\t\0old name\0new\tname\0" + b"\0diff --git a/a.py b/a.py\n\0x"
    counted = read_counted_patch(output)
    assert counted.files == (b"a.py", b"new\tname", b"old name", b"picture.png")
    assert (counted.added_lines, counted.removed_lines) == (4, 1)
    assert counted.patch == b"diff --git a/a.py b/a.py\n\0x"


def test_nothing_is_no_change() -> None:
    counted = read_counted_patch(b"")
    assert (counted.patch, counted.files, counted.added_lines, counted.removed_lines) == (b"", (), 0, 0)


def test_submodules_are_told_from_files() -> None:
    staged = b"100644 " + b"1" * 40 + b" 0\ta.py\0" + b"160000 " + b"2" * 40 + b" 0\tlib/one\0"
    assert read_submodules(staged) == ("lib/one",)


def test_trailers_are_read_per_commit() -> None:
    log = b"\0".join((b"a" * 40, b"Bot <b@x>", b"7-ab,7-cd", b"b" * 40, b"Person <p@x>", b""))
    assert read_commits(log) == (
        BranchCommit(sha="a" * 40, committer="Bot <b@x>", run_ids=("7-ab", "7-cd")),
        BranchCommit(sha="b" * 40, committer="Person <p@x>", run_ids=()),
    )
    assert read_commits(b"") == ()
