"""An issue, a worktree, settings, and programs that stand in for agents."""

import datetime
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from processor.agents import AgentTask, make_agent
from processor.model import AgentResult, Issue, IssueRef
from processor.settings.sections import Settings

TESTDATA = Path(__file__).parent.parent / "testdata" / "agent_output"
NOON = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)


def make_issue(title: str = "Sum is wrong", body: str = "") -> Issue:
    return Issue(
        ref=IssueRef("octo/hello", 42),
        title=title,
        body=body,
        labels=(),
        author="mona",
        author_association="OWNER",
        assignees=(),
        is_locked=False,
        is_open=True,
        is_pull_request=False,
        created_at=NOON,
        updated_at=NOON,
        url="https://github.com/octo/hello/issues/42",
    )


def command(profile: str = "plain", **values: object) -> dict[str, object]:
    return {"kind": "command", "profile": profile} | values


def recipe(*steps: Mapping[str, object]) -> dict[str, object]:
    return {"kind": "recipe", "steps": list(steps)}


@pytest.fixture
def worktree(tmp_path: Path) -> Path:
    """Give a linked worktree of a repository with one commit."""
    repository, tree = tmp_path / "state/mirror", tmp_path / "state/tree"
    repository.mkdir(parents=True)
    (repository / "sum.py").write_text("def add(a, b):\n    return a - b\n")
    identity = ["-c", "user.name=Mona", "-c", "user.email=mona@example.com"]
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["add", "."],
        [*identity, "commit", "-q", "-m", "first"],
        ["worktree", "add", "-q", "--detach", str(tree)],
    ):
        subprocess.run(["git", *arguments], cwd=repository, check=True, capture_output=True)
    return tree


class MakeTask(Protocol):
    """Makes a task for the worktree; keyword arguments replace its fields."""

    def __call__(self, **fields: Any) -> AgentTask: ...


@pytest.fixture
def make_task(tmp_path: Path, worktree: Path) -> MakeTask:
    def make(**fields: Any) -> AgentTask:
        output = tmp_path / "state/output"
        output.mkdir(exist_ok=True)
        defaults: dict[str, Any] = {
            "run_id": "run-7",
            "issue": make_issue(),
            "worktree": worktree,
            "output_directory": output,
            "timeout_seconds": 30.0,
            "tracked_files": tuple(
                subprocess.run(
                    ["git", "ls-files"], cwd=worktree, check=True, capture_output=True, text=True
                ).stdout.splitlines()
            ),
            "should_stop": lambda: False,
            "on_start": lambda _group: None,
        }
        return AgentTask(**(defaults | fields))

    return make


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def environ(tmp_path: Path, home: Path) -> dict[str, str]:
    """Give the variables of the service; programs of `install` are on its PATH."""
    return {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "HOME": str(home), "LANG": "C.UTF-8"}


@pytest.fixture
def install(tmp_path: Path) -> Callable[[str, str], Path]:
    """Give a function that puts Python source on the agents' PATH as a program."""

    def put(name: str, source: str) -> Path:
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!{sys.executable}\n{textwrap.dedent(source)}")
        program.chmod(0o755)
        return program

    return put


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Give a function that makes settings with one agent, named `coder`."""

    def make(agent: Mapping[str, object], main: Mapping[str, object] | None = None, **security: object) -> Settings:
        places = {"state": {"directory": str(tmp_path / "state")}, "logs": {"directory": str(tmp_path / "logs")}}
        return Settings.model_validate(
            {"main": {"agents": {"coder": dict(agent)}} | places | dict(main or {}), "security": security}
        )

    return make


@pytest.fixture
def run_agent(
    make_settings: Callable[..., Settings], make_task: MakeTask, environ: dict[str, str]
) -> Callable[..., AgentResult]:
    """Give a function that runs an agent on the worktree; `task` holds fields of the task, the rest is security."""

    def run(agent: Mapping[str, object], task: Mapping[str, object] | None = None, **security: object) -> AgentResult:
        return make_agent("coder", make_settings(agent, **security), environ).run(make_task(**dict(task or {})))

    return run
