"""A forge with one repository, and the three ways to reach it: PyGithub, raw HTTP and real git."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from github import Auth, Github
from github.Repository import Repository

from processor.forge import Forge

NAME = "octo/demo"
FILES = {"README.md": "# Demo\n", "app/greeting.py": 'def greet():\n    return "helo"\n'}
SERVER = "import sys; from pathlib import Path; from processor.forge.serve import serve; \
serve(Path(sys.argv[1]), int(sys.argv[2]), on_ready=lambda forge: print(forge.url, flush=True))"


@dataclass(frozen=True)
class Git:
    """Real git in one folder, with no settings but its own."""

    folder: Path

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run git and return what it did."""
        identity = ("-c", "user.name=Tester", "-c", "user.email=tester@localhost", "-c", "protocol.version=2")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }
        return subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def __call__(self, *arguments: str) -> str:
        """Run git and return its output; fail the test when it fails."""
        done = self.attempt(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, path: str, content: str, message: str = "Change") -> str:
        """Write one file, commit it and return the SHA."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(content)
        self("add", "-A")
        self("commit", "--quiet", "-m", message)
        return self("rev-parse", "HEAD")


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    """Serve a forge with the repository octo/demo."""
    with Forge(tmp_path / "forge") as started:
        started.create_repository(NAME, files=FILES, labels=["bug"], collaborators={"bot": "write"})
        yield started


@pytest.fixture
def token(forge: Forge) -> str:
    """Return a classic token of the collaborator `bot`."""
    return forge.create_token("bot")


@pytest.fixture
def client(forge: Forge) -> Iterator[Callable[[str], Github]]:
    """Return a maker of PyGithub clients that are closed at the end."""
    clients = []

    def make(text: str) -> Github:
        clients.append(
            Github(
                auth=Auth.Token(text),
                base_url=forge.api_url,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
            )
        )
        return clients[-1]

    yield make
    for made in clients:
        made.close()


@pytest.fixture
def repository(client: Callable[[str], Github], token: str) -> Repository:
    """Return octo/demo as PyGithub sees it for `bot`."""
    return client(token).get_repo(NAME)


@pytest.fixture
def http(forge: Forge, token: str) -> Iterator[Callable[..., requests.Response]]:
    """Return a function that sends one REST request as `bot`."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"

        def send(method: str, path: str, **values: object) -> requests.Response:
            return session.request(method, forge.api_url + path, timeout=60, **values)  # type: ignore[arg-type]

        yield send


@pytest.fixture
def push_url(forge: Forge, token: str) -> str:
    """Return the git address of octo/demo with the token of `bot` in it."""
    return forge.git_url(NAME).replace("http://", f"http://x-access-token:{token}@")


@pytest.fixture
def work(tmp_path: Path, push_url: str) -> Git:
    """Return a clone of octo/demo that may push."""
    Git(tmp_path)("clone", "--quiet", push_url, "work")
    return Git(tmp_path / "work")


@pytest.fixture
def branch(work: Git) -> Callable[..., str]:
    """Return a function that pushes one commit on a new branch from main."""

    def push(name: str, path: str = "app/greeting.py", content: str = 'def greet():\n    return "hello"\n') -> str:
        work("checkout", "--quiet", "-B", name, "origin/main")
        sha = work.commit(path, content, f"Change {path}")
        work("push", "--quiet", "--force", "origin", name)
        return sha

    return push


@pytest.fixture
def served() -> Callable[..., "contextmanager[tuple[str, subprocess.Popen[str]]]"]:
    """Return a context manager that serves a root from another process and gives its URL and process."""

    @contextmanager
    def run(root: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
        with subprocess.Popen(
            [sys.executable, "-c", SERVER, str(root), str(port)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.readline().strip(), process
            finally:
                process.kill()

    return run
