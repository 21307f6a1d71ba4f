"""A bare repository to be mirrored, and a mirror of it, both driven by the real git."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from processor.model import GitAccess
from processor.workspace import Mirror

NAME = "octo/demo"
LIMIT = 1_000_000
FILES = {
    ".gitignore": "*.log\nbuild/\n",
    "README.md": "# Demo\n",
    "app/greeting.py": "".join(f"print({number})\n" for number in range(30)),
}


def run_git(folder: Path, *arguments: str) -> str:
    """Run git with no settings but its own and give what it printed."""
    done = subprocess.run(
        ["git", "-c", "user.name=Person", "-c", "user.email=person@localhost", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": "/dev/null", "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass(frozen=True)
class Remote:
    """A repository that others push to; `folder` is a clone in which people work."""

    path: Path
    folder: Path

    def git(self, *arguments: str) -> str:
        """Run git in the people's clone."""
        return run_git(self.folder, *arguments)

    def commit(self, files: dict[str, str], branch: str = "main", message: str = "Change") -> str:
        """Commit files on top of the clone's HEAD, push them to a branch, and give the sha."""
        for name, content in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        self.git("push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{branch}")
        return self.git("rev-parse", "HEAD")

    def branches(self) -> dict[str, str]:
        """Give every branch and where it stands."""
        rows = run_git(self.path, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
        return dict(row.split(" ") for row in rows.splitlines())


def make_remote(folder: Path, files: dict[str, str]) -> Remote:
    """Make a repository with one commit on `main`."""
    path, people = folder / "remote.git", folder / "people"
    run_git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(path))
    run_git(folder, "init", "--quiet", "--initial-branch=main", str(people))
    run_git(people, "remote", "add", "origin", str(path))
    remote = Remote(path, people)
    remote.commit(files)
    return remote


def no_access() -> GitAccess:
    """Reach a repository that asks for no credentials."""
    return GitAccess({})


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """Give a repository with three files."""
    return make_remote(tmp_path, FILES)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Name the folder of our own data."""
    return tmp_path / "state"


@pytest.fixture
def mirror(remote: Remote, root: Path) -> Mirror:
    """Give a fetched mirror of the remote."""
    made = Mirror(root, NAME, str(remote.path), no_access)
    made.fetch()
    return made


@pytest.fixture
def base(mirror: Mirror) -> str:
    """Give the commit of `main`."""
    return mirror.resolve("main")


@pytest.fixture
def worktree(mirror: Mirror, base: str) -> Path:
    """Give a worktree of run 7 at `main`."""
    return mirror.add_worktree("7", base, "change")
