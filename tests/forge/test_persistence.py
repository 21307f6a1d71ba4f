"""What was done stays done: through a restart, a kill -9 and many writers at once."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import Popen

import pytest
import requests
from github import Github

from processor.forge import Forge
from tests.forge.conftest import FILES, NAME, Git
from tests.ports import own_port

Served = Callable[..., AbstractContextManager[tuple[str, "Popen[str]"]]]


def arranged(root: Path) -> str:
    """Fill a root with a bit of everything and return a token."""
    with Forge(root) as forge:
        forge.create_repository(NAME, files=FILES, labels=["bug"], collaborators={"bot": "write"})
        forge.open_issue(NAME, "One", "Body", labels=["bug"], assignees=["bot"])
        forge.comment(NAME, 1, "Hello")
        sha = forge.commit_files(NAME, {"x.txt": "x"}, branch="fix")
        forge.open_pull(NAME, title="Fix", head="fix", is_draft=True)
        forge.review_pull(NAME, 2, author="alice")
        forge.set_status(NAME, sha, state="success")
        forge.add_check_run(NAME, sha, name="build")
        forge.open_issue(NAME, "Two")
        forge.delete_issue(NAME, 3)
        return forge.create_token("bot")


def snapshot(url: str, token: str) -> list[object]:
    """Return everything REST says about the root, without its address and port."""
    paths = ["", "/issues?state=all", "/issues/1/timeline", "/issues/1/comments", "/pulls/2", "/pulls/2/reviews",
             "/commits/fix/status", "/commits/fix/check-runs", "/labels", "/branches", "/issues/3"]  # fmt: skip
    answers = [
        requests.get(f"{url}/api/v3/repos/{NAME}{path}", headers={"Authorization": f"token {token}"}, timeout=60)
        for path in paths
    ]
    return [(answer.status_code, answer.text.replace(url, "")) for answer in answers]


def test_a_restart_on_the_same_root_and_port_changes_nothing(tmp_path: Path) -> None:
    token = arranged(tmp_path)
    port = own_port()
    with Forge(tmp_path, port=port) as first:
        before = snapshot(first.url, token)
    with Forge(tmp_path, port=port) as second:
        assert snapshot(second.url, token) == before
        assert second.open_issue(NAME, "Next").number == 4
        second.stop()
        second.start()
        assert second.url == first.url


def test_kill_9_loses_nothing_that_was_answered(tmp_path: Path, served: Served) -> None:
    token = arranged(tmp_path)
    headers = {"Authorization": f"token {token}"}
    created: list[int] = []

    def create(url: str) -> None:
        for index in itertools.count():
            answer = requests.post(
                f"{url}/api/v3/repos/{NAME}/issues", json={"title": f"{index}"}, headers=headers, timeout=60
            )
            created.append(answer.json()["number"])

    with served(tmp_path) as (url, process), ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(create, url) for _ in range(4)]
        asked = f"{url}/_forge/stats"
        while requests.get(asked, timeout=60).json()["writes"] < 40:
            pass
        process.kill()
        for writer in writers:
            assert writer.exception(60) is not None
    with Forge(tmp_path) as forge:
        kept = {issue.number for issue in forge.issues(NAME)}
    assert set(created) <= kept
    assert len(created) == len(set(created)) >= 36


def test_a_push_survives_kill_9_and_is_followed_after_it(tmp_path: Path, served: Served) -> None:
    token = arranged(tmp_path / "root")
    with served(tmp_path / "root") as (url, process):
        address = url.replace("http://", f"http://x:{token}@") + f"/{NAME}.git"
        Git(tmp_path)("clone", "--quiet", "--branch", "fix", address, "work")
        requests.post(
            f"{url}/_forge/faults", json={"kind": "hold", "endpoint": "git_push_pack", "when": "after"}, timeout=60
        )
        work = Git(tmp_path / "work")
        sha = work.commit("y.txt", "y")
        with ThreadPoolExecutor(1) as pool:
            pushed = pool.submit(work.attempt, "push", "origin", "HEAD:fix")
            assert requests.get(f"{url}/_forge/faults/1?wait_seconds=60", timeout=90).json()["is_reached"]
            process.kill()
            assert pushed.result(60).returncode != 0
    with Forge(tmp_path / "root") as forge:
        assert forge.pull(NAME, 2).pull.head_sha == sha


def test_a_ref_changed_while_the_forge_was_down_is_followed_at_its_start(tmp_path: Path) -> None:
    arranged(tmp_path)
    with Forge(tmp_path) as forge:
        bare = forge.world.repositories.bare(forge.world.repositories.get(NAME))
    main = bare.branch("main")
    assert main is not None
    bare.run("update-ref", "-d", "refs/heads/fix")
    with Forge(tmp_path) as forge:
        assert forge.pull(NAME, 2).issue.state == "closed"


def test_a_served_forge_ends_on_sigterm(tmp_path: Path, served: Served) -> None:
    with served(tmp_path) as (url, process):
        assert requests.get(f"{url}/_forge/health", timeout=60).json() == {"is_healthy": True}
        process.terminate()
        assert process.wait(60) == 0


def test_a_port_that_is_taken_is_said_to_be(forge: Forge, tmp_path: Path) -> None:
    other = Forge(tmp_path / "other", port=int(forge.url.rpartition(":")[2]))
    with pytest.raises(RuntimeError, match=r"port \d+ is in use; stop what listens there"):
        other.start()
    other.close()


def test_two_forges_cannot_share_a_root(tmp_path: Path) -> None:
    with Forge(tmp_path), pytest.raises(RuntimeError, match="served by another forge"):
        Forge(tmp_path)


def test_concurrent_writers_get_numbers_of_their_own(forge: Forge, client: Callable[[str], Github], token: str) -> None:
    def write(_: int) -> int:
        repository = client(token).get_repo(NAME)
        issue = repository.create_issue("One of many")
        issue.add_to_labels("bug")
        repository.get_issue(1).create_comment(f"from {issue.number}")
        return issue.number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(write, range(24)))
    assert sorted(numbers) == list(range(1, 25))
    assert len(forge.comments(NAME, 1)) == 24
    assert all(issue.labels == ("bug",) for issue in forge.issues(NAME))


def test_one_of_many_equal_pull_requests_is_made(
    forge: Forge, client: Callable[[str], Github], token: str, branch: Callable[..., str]
) -> None:
    branch("fix")

    def create(_: int) -> int:
        answer = requests.post(
            f"{forge.api_url}/repos/{NAME}/pulls",
            json={"title": "Fix", "head": "fix", "base": "main"},
            headers={"Authorization": f"token {token}"},
            timeout=60,
        )
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(create, range(8))) == [201, *[422] * 7]
    assert len(list(client(token).get_repo(NAME).get_pulls())) == 1
