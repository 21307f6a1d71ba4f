"""A forge with one repository, and clients that reach it without throttle or waiting."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from processor.forge import Forge
from processor.github_client import Credentials, GitHubClient
from processor.model import IssueRef
from processor.settings.sections import GitHub
from tests.ports import own_port

NAME = "octo/hello"
LABEL = "auto-processable"

Connect = Callable[..., GitHubClient]


@pytest.fixture
def forge(tmp_path) -> Iterator[Forge]:
    """A running forge that holds octo/hello with one labelled issue, #1."""
    with Forge(tmp_path / "forge", port=own_port()) as started:
        started.create_repository(NAME, files={"README.md": "hello\n"}, labels=[LABEL])
        started.open_issue(NAME, "greet the world", "please", labels=[LABEL, "p1"], author="ada")
        yield started


@pytest.fixture
def token(forge: Forge) -> str:
    """A classic token of the owner."""
    return forge.create_token("octo")


@pytest.fixture
def connect(forge: Forge, token: str) -> Iterator[Connect]:
    """Make clients: settings by keyword, `credentials` and the client's own arguments by name."""
    with ExitStack() as stack:

        def make(credentials: Credentials | None = None, *, options=None, **settings) -> GitHubClient:
            values = {
                "base_url": forge.api_url,
                "seconds_between_requests": 0,
                "seconds_between_writes": 0,
                "max_wait_seconds": 0,
                "timeout_seconds": 10,
            }
            section = GitHub(**(values | settings))
            client = GitHubClient(section, credentials or (lambda: token), **(options or {}))
            return stack.enter_context(client)

        yield make


@pytest.fixture
def client(connect: Connect) -> GitHubClient:
    """A client of the repository's owner."""
    return connect()


@pytest.fixture
def ref() -> IssueRef:
    """The one issue."""
    return IssueRef(NAME, 1)


@pytest.fixture
def pull(forge: Forge):
    """An open pull request of ours, from branch auto-fix/issue-1."""
    forge.commit_files(NAME, {"greeting.txt": "hello, world\n"}, branch="auto-fix/issue-1")
    return forge.open_pull(NAME, title="Auto-fix: greet (#1)", head="auto-fix/issue-1", author="octo")
