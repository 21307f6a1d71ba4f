"""A mirror follows its server, survives crashes and damage, and is shared by threads and processes."""

import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from processor.errors import GitError, NetworkError, WorkspaceError
from processor.workspace import Mirror
from tests.workspace.conftest import NAME, Remote, no_access, run_git

FETCH = """
import sys
from pathlib import Path
from processor.model import GitAccess
from processor.workspace import Mirror
mirror = Mirror(Path(sys.argv[1]), "octo/demo", sys.argv[2], lambda: GitAccess({}))
mirror.fetch()
print(mirror.resolve("main"))
"""


def mirror_folder(root: Path) -> Path:
    return root / "mirrors" / "octo__demo.git"


def test_a_fetch_sees_new_commits(mirror: Mirror, remote: Remote, base: str) -> None:
    newer = remote.commit({"new.txt": "new\n"})
    assert mirror.resolve("main") == base
    mirror.fetch()
    assert mirror.resolve("main") == newer


def test_a_fetch_follows_a_branch_that_was_moved_by_force(mirror: Mirror, remote: Remote) -> None:
    remote.git("commit", "--quiet", "--amend", "-m", "Rewritten")
    rewritten = remote.commit({})
    mirror.fetch()
    assert mirror.resolve("main") == rewritten


def test_a_branch_that_is_gone_is_forgotten_even_when_its_name_becomes_a_folder(mirror: Mirror, remote: Remote) -> None:
    remote.commit({"a": "a"}, branch="topic")
    mirror.fetch()
    remote.git("push", "--quiet", "origin", ":topic")
    deeper = remote.commit({"b": "b"}, branch="topic/one")
    mirror.fetch()
    assert mirror.resolve("topic/one") == deeper
    with pytest.raises(WorkspaceError, match="has no branch topic;"):
        mirror.resolve("topic")


def test_an_absent_branch_is_an_error_with_its_remedy(mirror: Mirror) -> None:
    with pytest.raises(WorkspaceError) as caught:
        mirror.resolve("develop")
    assert str(caught.value) == (
        "octo/demo has no branch develop; set base_branch of this repository to one that exists"
    )


def test_an_empty_repository_is_called_so(tmp_path: Path, root: Path) -> None:
    run_git(tmp_path, "init", "--quiet", "--bare", "empty.git")
    mirror = Mirror(root, "octo/empty", str(tmp_path / "empty.git"), no_access)
    mirror.fetch()
    with pytest.raises(WorkspaceError) as caught:
        mirror.resolve("main")
    assert str(caught.value) == "octo/empty has no branch main; it is empty: push a first commit, then retry"


@pytest.mark.parametrize("branch", ["--upload-pack=x", "a..b", "a b", "x/", "a*", "@{-1}", "", "x.lock", "a\n"])
def test_what_is_no_branch_name_never_reaches_git(mirror: Mirror, branch: str) -> None:
    with pytest.raises(WorkspaceError, match="is no name for a branch"):
        mirror.resolve(branch)


@pytest.mark.parametrize("commit", ["main", "HEAD", "--all", "abc123"])
def test_only_a_full_commit_is_taken(mirror: Mirror, commit: str) -> None:
    with pytest.raises(WorkspaceError, match="give its 40 hexadecimal digits"):
        mirror.add_worktree("7", commit, "change")


def test_a_clone_that_was_cut_off_is_replaced(remote: Remote, root: Path) -> None:
    half_made = root / "mirrors" / "octo__demo.git.clone"
    (half_made / "objects").mkdir(parents=True)
    (half_made / "HEAD").write_text("rubbish")
    mirror = Mirror(root, NAME, str(remote.path), no_access)
    mirror.fetch()
    assert mirror.resolve("main") == remote.branches()["main"]
    assert not half_made.exists()


def test_a_failed_first_fetch_leaves_no_mirror(root: Path, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="git fetch for octo/demo failed with exit code 128"):
        Mirror(root, NAME, str(tmp_path / "nowhere.git"), no_access).fetch()
    assert list((root / "mirrors").iterdir()) == []


def test_locks_of_a_killed_git_do_not_stop_the_next_fetch(mirror: Mirror, remote: Remote, root: Path) -> None:
    for name in ("packed-refs.lock", "refs/origin/main.lock", "shallow.lock", "config.lock"):
        (mirror_folder(root) / name).touch()
    newer = remote.commit({"new.txt": "new\n"})
    mirror.fetch()
    assert mirror.resolve("main") == newer


def test_a_mirror_that_lost_its_objects_is_made_anew(mirror: Mirror, remote: Remote, root: Path) -> None:
    for pack in (mirror_folder(root) / "objects" / "pack").iterdir():
        pack.unlink()
    newer = remote.commit({"new.txt": "new\n"})
    mirror.fetch()
    assert (mirror.add_worktree("7", newer, "change") / "new.txt").read_text() == "new\n"


def test_a_mirror_that_was_emptied_is_made_anew_when_it_is_needed(mirror: Mirror, root: Path, base: str) -> None:
    shutil.rmtree(mirror_folder(root))
    assert (mirror.add_worktree("7", base, "change") / "README.md").is_file()


def test_a_commit_that_is_newer_than_the_mirror_is_fetched(mirror: Mirror, remote: Remote) -> None:
    newer = remote.commit({"new.txt": "new\n"})
    assert (mirror.add_worktree("7", newer, "change") / "new.txt").is_file()


def test_a_commit_that_nobody_has_is_an_error(mirror: Mirror) -> None:
    with pytest.raises(WorkspaceError, match=f"octo/demo has no commit {'0' * 39}1 any more; retry the issue"):
        mirror.add_worktree("7", "0" * 39 + "1", "change")


def test_many_small_fetches_do_not_pile_up_packs(mirror: Mirror, remote: Remote, root: Path) -> None:
    packs = mirror_folder(root) / "objects" / "pack"
    sample = next(packs.glob("*.pack"))
    for number in range(60):
        for suffix in (".pack", ".idx"):
            (packs / f"pack-{number:040d}{suffix}").write_bytes(sample.with_suffix(suffix).read_bytes())
    newer = remote.commit({"new.txt": "new\n"})
    mirror.fetch()
    assert len(list(packs.glob("*.pack"))) < 5
    assert mirror.tracked_files(newer) == (".gitignore", "README.md", "app/greeting.py", "new.txt")


def test_tracked_files_are_those_of_the_commit(mirror: Mirror, base: str) -> None:
    assert mirror.tracked_files(base) == (".gitignore", "README.md", "app/greeting.py")


def test_threads_share_a_mirror_from_its_first_fetch_on(remote: Remote, root: Path) -> None:
    def work(number: int) -> str:
        mirror = Mirror(root, NAME, str(remote.path), no_access)
        mirror.fetch()
        worktree = mirror.add_worktree(str(number), mirror.resolve("main"), "change")
        return run_git(worktree, "rev-parse", "HEAD")

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(work, range(6))) == {remote.branches()["main"]}


def test_processes_share_a_mirror_from_its_first_fetch_on(remote: Remote, root: Path) -> None:
    command = [sys.executable, "-c", FETCH, str(root), str(remote.path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate(timeout=60)[0].strip() for process in started]
    assert said == [remote.branches()["main"]] * 3


def test_a_silent_server_is_left_after_the_limit_and_no_process_stays(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/octo/demo.git"
        with pytest.raises(NetworkError) as caught:
            Mirror(root, NAME, url, no_access, timeout_seconds=0.5).fetch()
        living = [process for process in psutil.process_iter(["cmdline"]) if url in (process.info["cmdline"] or ())]
    assert str(caught.value) == (
        "git fetch for octo/demo ran past its limit of 0.5 s and was killed; check the disk and the connection"
    )
    assert living == []
