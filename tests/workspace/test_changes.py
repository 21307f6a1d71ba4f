"""A change as a value: it holds everything the agent did, and rebuilds it elsewhere to the last byte."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processor.errors import AgentError, WorkspaceError
from processor.model import Change
from processor.workspace import Mirror
from tests.workspace.conftest import LIMIT, Remote, make_remote, no_access, run_git


def state_of(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Give kind and content of every file, the repository left out."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if name.parts[0] == ".git" or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink():
            found[str(name)] = ("link", os.fsencode(path.readlink()))
        else:
            found[str(name)] = ("program" if path.stat().st_mode & 0o100 else "file", path.read_bytes())
    return found


def rebuilt(mirror: Mirror, change: Change) -> dict[str, tuple[str, bytes]]:
    worktree = mirror.add_worktree("rebuilt", change.base_commit, "base")
    mirror.apply_change(worktree, change)
    return state_of(worktree)


def test_no_change_is_none(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / "README.md").touch()
    (worktree / "noise.log").write_text("ignored")
    (worktree / "empty" / "folder").mkdir(parents=True)
    assert mirror.capture_change(worktree, base, LIMIT) is None


def test_every_kind_of_change_is_captured_and_rebuilt(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / "README.md").write_text("# Demo\nmore\n")
    (worktree / "new").mkdir()
    (worktree / "new" / 'odd "name"\tü\n.txt').write_text("no newline at the end")
    (worktree / "picture.png").write_bytes(bytes(range(256)) * 8)
    (worktree / "link").symlink_to("../../outside")
    (worktree / "app" / "greeting.py").rename(worktree / "app" / "hello.py")
    (worktree / "tool").write_text("#!/bin/sh\n")
    (worktree / "tool").chmod(0o755)
    (worktree / ".gitignore").unlink()
    expected = state_of(worktree)
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    assert rebuilt(mirror, change) == expected
    assert change.files == (
        ".gitignore",
        "README.md",
        "app/greeting.py",
        "app/hello.py",
        "link",
        'new/odd "name"\tü\n.txt',
        "picture.png",
        "tool",
    )
    assert (change.added_lines, change.removed_lines) == (4, 2)


def test_a_mode_alone_is_a_change(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / "README.md").chmod(0o755)
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    assert (change.files, change.added_lines, change.removed_lines) == (("README.md",), 0, 0)
    assert rebuilt(mirror, change)["README.md"] == ("program", b"# Demo\n")


def test_what_the_agent_committed_or_hid_counts_too(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / "committed.txt").write_text("committed\n")
    run_git(worktree, "add", "--all")
    run_git(worktree, "commit", "--quiet", "-m", "Done")
    run_git(worktree, "update-index", "--assume-unchanged", "README.md")
    (worktree / "README.md").write_text("hidden\n")
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    assert change.files == ("README.md", "committed.txt")


def test_what_git_was_told_to_exclude_in_private_is_captured(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / ".git" / "info").mkdir()
    (worktree / ".git" / "info" / "exclude").write_text("*\n")
    (worktree / "sly.py").write_text("x = 1\n")
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    assert change.files == ("sly.py",)


def test_a_change_of_the_same_length_at_once_is_seen(mirror: Mirror, worktree: Path, base: str) -> None:
    before = (worktree / "README.md").stat()
    (worktree / "README.md").write_text("# Omed\n")
    os.utime(worktree / "README.md", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert mirror.capture_change(worktree, base, LIMIT) is not None


def test_the_same_files_give_the_same_change_twice(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / "new.txt").write_text("new\n")
    assert mirror.capture_change(worktree, base, LIMIT) == mirror.capture_change(worktree, base, LIMIT)


def test_capturing_leaves_nothing_in_the_mirror(mirror: Mirror, worktree: Path, base: str, root: Path) -> None:
    before = sorted((root / "mirrors").rglob("*"))
    (worktree / "new.txt").write_text("new\n")
    mirror.capture_change(worktree, base, LIMIT)
    assert sorted((root / "mirrors").rglob("*")) == before


def test_a_change_against_another_base_is_compared_with_that_base(
    mirror: Mirror, worktree: Path, remote: Remote
) -> None:
    newer = remote.commit({"newer.txt": "newer\n"})
    mirror.fetch()
    change = mirror.capture_change(worktree, newer, LIMIT)
    assert change is not None
    assert (change.base_commit, change.files) == (newer, ("newer.txt",))


def test_a_change_that_is_too_large_is_refused_with_size_and_limit(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / "large.txt").write_text("line\n" * 1000)
    with pytest.raises(AgentError, match=r"agent's change is 6\d\d\d bytes, over the limit of 1000 bytes; raise"):
        mirror.capture_change(worktree, base, 1000)


def test_a_name_that_is_not_utf8_is_refused(mirror: Mirror, worktree: Path, base: str) -> None:
    Path(os.fsdecode(os.fsencode(worktree) + b"/\xff.txt")).write_text("x")
    with pytest.raises(AgentError, match="agent changed a file whose name is not UTF-8"):
        mirror.capture_change(worktree, base, LIMIT)


@pytest.mark.parametrize("has_link", [False, True])
def test_a_worktree_that_is_gone_or_a_link_is_neither_read_nor_touched(
    mirror: Mirror, worktree: Path, base: str, tmp_path: Path, *, has_link: bool
) -> None:
    theirs = tmp_path / "theirs" / "project" / ".git"
    theirs.mkdir(parents=True)
    shutil.rmtree(worktree)
    if has_link:
        worktree.symlink_to(tmp_path / "theirs")
    with pytest.raises(AgentError, match="removed its worktree"):
        mirror.capture_change(worktree, base, LIMIT)
    assert theirs.is_dir()


def test_what_git_cannot_record_is_named(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / "README.md").unlink()
    os.mkfifo(worktree / "README.md")
    with pytest.raises(AgentError, match=r"README\.md"):
        mirror.capture_change(worktree, base, LIMIT)


@pytest.mark.parametrize("has_commit", [True, False])
def test_a_nested_repository_becomes_files(mirror: Mirror, worktree: Path, base: str, *, has_commit: bool) -> None:
    nested = worktree / "vendor" / "tool"
    nested.mkdir(parents=True)
    (nested / "code.py").write_text("x = 1\n")
    run_git(nested, "init", "--quiet")
    if has_commit:
        run_git(nested, "add", "--all")
        run_git(nested, "commit", "--quiet", "-m", "Nested")
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    assert change.files == ("vendor/tool/code.py",)
    assert rebuilt(mirror, change)["vendor/tool/code.py"] == ("file", b"x = 1\n")


@pytest.fixture
def with_submodule(tmp_path: Path, root: Path) -> Mirror:
    library = tmp_path / "library"
    library.mkdir()
    inner = make_remote(library, {"lib.py": "x = 1\n"})
    remote = make_remote(tmp_path, {"README.md": "# Demo\n"})
    remote.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "lib")
    remote.commit({})
    mirror = Mirror(root, "octo/demo", str(remote.path), no_access)
    mirror.fetch()
    return mirror


def test_an_untouched_submodule_is_no_change(with_submodule: Mirror) -> None:
    base = with_submodule.resolve("main")
    worktree = with_submodule.add_worktree("7", base, "change")
    assert with_submodule.capture_change(worktree, base, LIMIT) is None
    (worktree / "README.md").write_text("changed\n")
    change = with_submodule.capture_change(worktree, base, LIMIT)
    assert change is not None
    assert change.files == ("README.md",)
    assert "README.md" in rebuilt(with_submodule, change)


def test_a_submodule_that_the_agent_checked_out_is_left_out(with_submodule: Mirror) -> None:
    base = with_submodule.resolve("main")
    worktree = with_submodule.add_worktree("7", base, "change")
    run_git(worktree, "-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init")
    assert (worktree / "lib" / "lib.py").is_file()
    assert with_submodule.capture_change(worktree, base, LIMIT) is None


def test_files_in_an_empty_submodule_are_not_lost_in_silence(with_submodule: Mirror) -> None:
    base = with_submodule.resolve("main")
    worktree = with_submodule.add_worktree("7", base, "change")
    (worktree / "lib" / "fix.py").write_text("x = 2\n")
    with pytest.raises(AgentError, match="agent wrote files into the submodule lib, which a change of this repository"):
        with_submodule.capture_change(worktree, base, LIMIT)


def test_text_cannot_be_hidden_from_the_gate_by_attributes(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / ".gitattributes").write_text("*.py binary\n")
    (worktree / "app" / "greeting.py").write_text("evil()\n")
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    assert b"+evil()" in change.patch
    assert (change.added_lines, change.removed_lines) == (2, 30)


def test_line_endings_survive(tmp_path: Path, root: Path) -> None:
    attributes = "*.txt text eol=crlf\n*.bat -text\n"
    remote = make_remote(tmp_path, {".gitattributes": attributes, "a.txt": "1\n2\n3\n", "b.bat": "x\r\ny\r\n"})
    mirror = Mirror(root, "octo/demo", str(remote.path), no_access)
    mirror.fetch()
    base = mirror.resolve("main")
    worktree = mirror.add_worktree("7", base, "change")
    assert mirror.capture_change(worktree, base, LIMIT) is None
    (worktree / "a.txt").write_bytes(b"1\r\n2\r\nthree\r\n")
    (worktree / "b.bat").write_bytes(b"x\r\nz\r\n")
    expected = state_of(worktree)
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    assert (change.added_lines, change.removed_lines) == (2, 2)
    assert rebuilt(mirror, change) == expected


def test_a_change_goes_only_onto_its_own_base(mirror: Mirror, worktree: Path, base: str, remote: Remote) -> None:
    (worktree / "new.txt").write_text("new\n")
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    other = mirror.add_worktree("8", remote.commit({"x": "x"}), "change")
    with pytest.raises(WorkspaceError, match=f"and the change is for {base}; make the worktree anew"):
        mirror.apply_change(other, change)


NAMES = st.sampled_from(["README.md", "app/greeting.py", "app/deep/er.txt", "x", "y z", "ü.bin"])
CONTENTS = st.one_of(st.none(), st.binary(max_size=60), st.text("ab\n\r", max_size=40).map(str.encode))


@given(edits=st.dictionaries(NAMES, st.tuples(CONTENTS, st.booleans()), max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_edited_comes_back_the_same(
    mirror: Mirror, base: str, edits: dict[str, tuple[bytes | None, bool]]
) -> None:
    worktree = mirror.add_worktree("7", base, "change")
    before = state_of(worktree)
    for name, (content, is_program) in edits.items():
        path = worktree / name
        path.unlink(missing_ok=True)
        if content is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o755 if is_program else 0o644)
    expected = state_of(worktree)
    change = mirror.capture_change(worktree, base, LIMIT)
    if change is None:
        assert expected == before
    else:
        assert set(change.files) >= {
            name for name in expected.keys() | before if expected.get(name) != before.get(name)
        }
        assert rebuilt(mirror, change) == expected
