"""A worktree stands at an exact commit, belongs to one run, and leaves nothing behind."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from processor.errors import WorkspaceError
from processor.workspace import Mirror, drop_mirror, sweep
from processor.workspace.removal import delete
from tests.workspace.conftest import FILES, NAME, Remote, make_remote, no_access, run_git


def files_below(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): path.read_text() for path in found}


def test_a_worktree_holds_exactly_the_commit(mirror: Mirror, remote: Remote, base: str) -> None:
    remote.commit({"later.txt": "later"})
    mirror.fetch()
    worktree = mirror.add_worktree("7", base, "change")
    assert files_below(worktree) == FILES
    assert run_git(worktree, "rev-parse", "HEAD") == base
    assert run_git(worktree, "status", "--porcelain") == ""


def test_a_worktree_lies_where_its_name_says(mirror: Mirror, root: Path, base: str) -> None:
    assert mirror.add_worktree("7-ab12", base, "base") == root / "worktrees" / "7-ab12-base"


def test_adding_it_again_brings_it_back_to_the_commit(mirror: Mirror, worktree: Path, base: str) -> None:
    (worktree / "README.md").write_text("spoilt")
    (worktree / "left.log").write_text("ignored, and gone all the same")
    (worktree / "app" / "greeting.py").unlink()
    run_git(worktree, "commit", "--quiet", "-am", "The agent's own")
    assert mirror.add_worktree("7", base, "change") == worktree
    assert files_below(worktree) == FILES
    assert run_git(worktree, "rev-parse", "HEAD") == base


@pytest.mark.parametrize("rubbish", ["file", "link", "no-permission", "git-file"])
def test_a_broken_one_is_removed_and_made_again(
    mirror: Mirror, root: Path, base: str, tmp_path: Path, rubbish: str
) -> None:
    place = root / "worktrees" / "7-change"
    place.parent.mkdir(parents=True)
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "precious").write_text("not ours")
    match rubbish:
        case "file":
            place.write_text("a file")
        case "link":
            place.symlink_to(kept)
        case "no-permission":
            (place / "closed").mkdir(parents=True)
            (place / "closed" / "file").write_text("x")
            (place / "closed").chmod(0)
        case _:
            place.mkdir()
            (place / ".git").write_text("gitdir: /nowhere")
    mirror.add_worktree("7", base, "change")
    assert files_below(place) == FILES
    assert (kept / "precious").read_text() == "not ours"


def test_an_agent_may_use_git_and_nobody_else_sees_it(mirror: Mirror, base: str, root: Path) -> None:
    one, two = mirror.add_worktree("1", base, "change"), mirror.add_worktree("2", base, "change")
    (one / "README.md").write_text("one")
    run_git(one, "stash")
    run_git(one, "checkout", "--quiet", "-b", "main")
    run_git(one, "config", "user.name", "Agent One")
    run_git(two, "checkout", "--quiet", "-b", "main")
    assert run_git(two, "stash", "list") == ""
    assert "Agent One" not in (two / ".git" / "config").read_text()
    assert run_git(one, "log", "--format=%s", "HEAD") == "Change"
    refs = run_git(root / "mirrors" / "octo__demo.git", "for-each-ref", "--format=%(refname)")
    assert refs == "refs/origin/main"


def test_a_worktree_needs_the_mirror_no_more(worktree: Path, root: Path) -> None:
    (root / "mirrors").rename(root / "hidden")
    assert run_git(worktree, "log", "--format=%s") == "Change"
    assert run_git(worktree, "fsck", "--no-progress") == ""


def test_removing_is_by_exact_id(mirror: Mirror, base: str) -> None:
    for run_id in ("1", "10", "1-1", "change", "1-change"):
        mirror.add_worktree(run_id, base, "change")
    mirror.add_worktree("1", base, "base")
    mirror.remove_worktrees("1")
    assert mirror.list_worktrees() == ("1-1", "1-change", "10", "change")


def test_removing_what_is_not_there_is_no_fault(mirror: Mirror) -> None:
    mirror.remove_worktrees("7")
    assert mirror.list_worktrees() == ()


def test_nothing_is_left_after_a_run(mirror: Mirror, worktree: Path, base: str, root: Path) -> None:
    (worktree / "x").write_text("x")
    assert mirror.capture_change(worktree, base, 1000) is not None
    mirror.remove_worktrees("7")
    folders = [root / "worktrees", root / "workspace/starts", root / "workspace/trash", root / "workspace/scratch"]
    assert [list(folder.iterdir()) for folder in folders] == [[], [], [], []]


@pytest.mark.parametrize("run_id", ["octo/demo#7", "../../etc", "..", "a b%2F", "7:1"])
def test_an_id_of_any_shape_stays_below_the_root(mirror: Mirror, root: Path, base: str, run_id: str) -> None:
    worktree = mirror.add_worktree(run_id, base, "change")
    assert worktree.parent == root / "worktrees"
    assert mirror.list_worktrees() == (run_id,)
    mirror.remove_worktrees(run_id)
    assert mirror.list_worktrees() == ()


@pytest.mark.parametrize("run_id", ["", "x" * 201])
def test_an_id_that_makes_no_file_name_is_refused(mirror: Mirror, base: str, run_id: str) -> None:
    with pytest.raises(WorkspaceError, match="use an id of 1 to 200"):
        mirror.add_worktree(run_id, base, "change")


def test_a_mirror_without_an_address_can_still_clean_up(worktree: Path, root: Path) -> None:
    Mirror(root, "octo/demo", "", no_access).remove_worktrees("7")
    assert not worktree.exists()


def test_line_endings_and_links_are_checked_out_as_the_repository_says(tmp_path: Path, root: Path) -> None:
    remote = make_remote(tmp_path, {".gitattributes": "*.txt text eol=crlf\n", "a.txt": "one\ntwo\n"})
    (remote.folder / "link").symlink_to("a.txt")
    remote.commit({})
    mirror = Mirror(root, "octo/demo", str(remote.path), no_access)
    mirror.fetch()
    worktree = mirror.add_worktree("7", mirror.resolve("main"), "change")
    assert (worktree / "a.txt").read_bytes() == b"one\r\ntwo\r\n"
    assert os.readlink(worktree / "link") == "a.txt"  # noqa: PTH115  # the text itself, not a path


def test_a_sweep_removes_what_is_not_kept_by_exact_id(mirror: Mirror, base: str, root: Path) -> None:
    for run_id in ("1", "10", "2"):
        mirror.add_worktree(run_id, base, "change")
    assert sweep(root, lambda: ["10"]) == ("1", "2")
    assert mirror.list_worktrees() == ("10",)
    assert sweep(root, lambda: ["10"]) == ()


def test_a_sweep_leaves_what_a_service_beside_us_begins_at_that_moment(mirror: Mirror, base: str, root: Path) -> None:
    mirror.add_worktree("1", base, "change")

    def needed_then() -> list[str]:
        mirror.add_worktree("2", base, "change")
        return []

    assert sweep(root, needed_then) == ("1",)
    assert mirror.list_worktrees() == ("2",)


@pytest.mark.usefixtures("mirror")
def test_a_mirror_goes_only_when_its_repository_is_idle_while_nobody_else_may_begin(root: Path) -> None:
    asked: list[bool] = []

    def is_idle() -> bool:
        with (root / "workspace" / "locks" / "octo__demo.git.lock").open() as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        asked.append(len(asked) > 0)
        return asked[-1]

    assert [drop_mirror(root, NAME, is_idle) for _ in range(3)] == [False, True, False]
    assert asked == [False, True]


class Vanishing(type(Path())):  # type: ignore[misc]  # the class of paths here
    """A folder that another process deletes right after we have seen that it is there."""

    def exists(self, **_: object) -> bool:
        """Tell what was so a moment ago."""
        shutil.rmtree(self, ignore_errors=True)
        return True


def test_a_folder_that_another_process_deletes_too_is_gone_and_no_error(tmp_path: Path) -> None:
    folder = Vanishing(tmp_path / "trash")
    folder.mkdir()
    (folder / "file").touch()
    delete(folder)
    assert not (tmp_path / "trash").exists()


def test_a_sweep_removes_half_made_clones_locks_and_trash(mirror: Mirror, root: Path) -> None:
    left = [
        root / "mirrors" / "octo__demo.git.clone" / "HEAD",
        root / "mirrors" / "octo__demo.git" / "packed-refs.lock",
        root / "workspace" / "trash" / "folder" / "file",
        root / "mirrors" / "octo__demo.git" / "objects" / "pack" / "tmp_pack_abc",
        root / "workspace" / "scratch" / "old" / "index",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    os.utime(left[3], (0, 0))
    os.utime(left[4].parent, (0, 0))
    assert sweep(root, list) == ()
    assert [path for path in left if path.exists()] == []
    mirror.fetch()


def test_a_sweep_leaves_a_mirror_that_is_in_use(mirror: Mirror, root: Path) -> None:
    mirror.fetch()
    lock = root / "mirrors" / "octo__demo.git" / "packed-refs.lock"
    lock.touch()
    holder = root / "workspace" / "locks" / "octo__demo.git.lock"
    with holder.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert sweep(root, list) == ()
        assert lock.exists()
    sweep(root, list)
    assert not lock.exists()


def test_a_sweep_of_an_empty_root_finds_nothing(root: Path) -> None:
    assert sweep(root, list) == ()
