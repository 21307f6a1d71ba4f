"""Over HTTP the token goes in the environment alone, and what the server says becomes the right error."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from processor.errors import GitHubAuthError, GitHubNotFound, NetworkError, ProcessorError, PublishConflict
from processor.forge import FaultKind, Forge
from processor.forge.faults import When
from processor.model import GitAccess
from processor.workspace import Mirror, PushEffect
from tests.workspace.conftest import FILES, LIMIT, NAME

BRANCH = "auto-fix/issue-7"


def access_with(forge: Forge, token: str) -> GitAccess:
    credentials = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return GitAccess(
        {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{forge.url}/.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {credentials}",
        }
    )


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    with Forge(tmp_path / "forge") as started:
        started.create_repository(NAME, files=FILES, is_private=True, collaborators={"bot": "write", "guest": "read"})
        yield started


def mirror_as(forge: Forge, root: Path, token: str, *, timeout_seconds: float = 30) -> Mirror:
    return Mirror(root, NAME, forge.git_url(NAME), lambda: access_with(forge, token), timeout_seconds=timeout_seconds)


@pytest.fixture
def mirror(forge: Forge, root: Path) -> Mirror:
    made = mirror_as(forge, root, forge.create_token("bot"))
    made.fetch()
    return made


@pytest.fixture
def ours(mirror: Mirror) -> str:
    base = mirror.resolve("main")
    worktree = mirror.add_worktree("7", base, "change")
    (worktree / "README.md").write_text("ours\n")
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    return mirror.commit(change, message="Fix", name="Bot", email="bot@localhost", at=1_700_000_000)


def test_a_private_repository_is_fetched_and_pushed_to(mirror: Mirror, forge: Forge, ours: str) -> None:
    assert mirror.push(ours, BRANCH, expected=None).effect is PushEffect.CREATED
    assert forge.branches(NAME)[BRANCH] == ours
    assert mirror.remote_branch_sha(BRANCH) == ours


def test_the_token_is_asked_for_each_time(forge: Forge, root: Path, mirror: Mirror) -> None:
    tokens = iter(["expired-token", forge.create_token("bot")])
    renewing = Mirror(root, NAME, forge.git_url(NAME), lambda: access_with(forge, next(tokens)))
    with pytest.raises(GitHubAuthError):
        renewing.fetch()
    renewing.fetch()
    assert renewing.resolve("main") == mirror.resolve("main")


def test_the_token_is_written_nowhere(ours: str, forge: Forge, root: Path) -> None:
    token = forge.create_token("bot")
    mirror_as(forge, root, token).push(ours, BRANCH, expected=None)
    header = base64.b64encode(f"x-access-token:{token}".encode())
    for path in root.rglob("*"):
        if path.is_file() and path.stat().st_size < 100_000:
            assert header not in path.read_bytes()
            assert token.encode() not in path.read_bytes()
    assert token not in repr(access_with(forge, token))


@pytest.mark.parametrize(
    ("login", "error", "message"),
    [
        ("mallory", GitHubNotFound, "git fetch for octo/demo found no repository: "),
        (None, GitHubAuthError, "git fetch for octo/demo was refused: "),
    ],
)
def test_a_fetch_without_the_right_says_so(
    forge: Forge, root: Path, login: str | None, error: type[ProcessorError], message: str
) -> None:
    token = forge.create_token(login) if login else "ghp_wrongwrongwrong"
    with pytest.raises(error) as caught:
        mirror_as(forge, root / "fresh", token).fetch()
    assert str(caught.value).startswith(message)
    assert token not in str(caught.value)


def test_a_push_to_an_archived_repository_says_so(mirror: Mirror, forge: Forge, ours: str) -> None:
    forge.edit_repository(NAME, is_archived=True)
    with pytest.raises(PublishConflict, match="the repository is archived; unarchive it, then retry"):
        mirror.push(ours, BRANCH, expected=None)


def test_a_push_without_the_right_says_so(mirror: Mirror, forge: Forge, root: Path, ours: str) -> None:
    assert mirror.remote_branch_sha(BRANCH) is None
    with pytest.raises(GitHubAuthError, match="check that the token may read and write this repository"):
        mirror_as(forge, root, forge.create_token("guest")).push(ours, BRANCH, expected=None)
    assert BRANCH not in forge.branches(NAME)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_lost_in_a_push_is_told_and_the_next_try_ends_well(
    mirror: Mirror, forge: Forge, ours: str, when: str
) -> None:
    # Dropped for ever, because curl itself repeats a request on a connection that it had kept open.
    forge.faults.add(FaultKind.DROP, endpoint="git_push_pack", when=When(when), times=None)
    with pytest.raises(NetworkError, match="git push for octo/demo lost the connection"):
        mirror.push(ours, BRANCH, expected=None)
    forge.faults.clear()
    assert mirror.remote_branch_sha(BRANCH) == (ours if when == "after" else None)
    effect = mirror.push(ours, BRANCH, expected=None).effect
    assert effect is (PushEffect.UNCHANGED if when == "after" else PushEffect.CREATED)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_that_breaks_once_in_a_push_ends_well(mirror: Mirror, forge: Forge, ours: str, when: str) -> None:
    forge.faults.add(FaultKind.DROP, endpoint="git_push_pack", when=When(when))
    mirror.push(ours, BRANCH, expected=None)
    assert forge.branches(NAME)[BRANCH] == ours


@pytest.mark.parametrize(
    ("kind", "endpoint", "status"),
    [
        ("drop", "git_fetch", 500),
        ("status", "git_fetch_refs", 503),
        ("status", "git_fetch_pack", 429),
        ("truncated", "git_fetch_pack", 500),
        ("truncated", "git_fetch_refs", 500),
    ],
)
def test_a_fetch_that_broke_is_the_network_s_fault_and_can_be_repeated(
    forge: Forge, root: Path, kind: str, endpoint: str, status: int
) -> None:
    mirror = mirror_as(forge, root, forge.create_token("bot"))
    forge.faults.add(FaultKind(kind), endpoint=endpoint, status=status)
    with pytest.raises(NetworkError):
        mirror.fetch()
    mirror.fetch()
    assert mirror.resolve("main") == forge.branches(NAME)["main"]


def test_a_server_that_is_not_there_is_the_network_s_fault(forge: Forge, root: Path) -> None:
    mirror = mirror_as(forge, root, forge.create_token("bot"))
    forge.stop()
    with pytest.raises(NetworkError, match="check that the server can be reached"):
        mirror.fetch()
