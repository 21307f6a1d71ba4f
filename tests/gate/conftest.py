"""Small real git repositories with a base commit and a change, and the gate put to them."""

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from processor.gate import GateTask, MemoryBaseFindings, judge
from processor.model import Change, CheckReport, GateReport, Issue, IssueRef
from processor.settings.sections import Settings

# The machine that runs the tests may be busy.
patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_GIT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "LC_ALL": "C",
}


def git(folder: Path, *arguments: str) -> str:
    """Run git, give what it printed."""
    return _git_bytes(folder, *arguments).decode("utf-8", "replace")


def _git_bytes(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=folder, env=_GIT, check=True, capture_output=True).stdout


def make_issue(title: str = "Cache the slow query", body: str = "It takes 9 s.", labels: tuple[str, ...] = ()) -> Issue:
    """Make an issue about code, unless told otherwise."""
    now = datetime(2025, 7, 22, tzinfo=UTC)
    return Issue(
        ref=IssueRef("octo/hello", 83),
        title=title,
        body=body,
        labels=labels,
        author="octo",
        author_association="OWNER",
        assignees=(),
        is_locked=False,
        is_open=True,
        is_pull_request=False,
        created_at=now,
        updated_at=now,
        url="http://localhost/octo/hello/issues/83",
    )


@dataclass
class Project:
    """A repository whose working tree is the change on top of its base commit."""

    root: Path
    base_commit: str = ""
    base_calls: list[Path] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    cache: MemoryBaseFindings = field(default_factory=MemoryBaseFindings)
    stop: Callable[[], bool] = lambda: False

    @property
    def tree(self) -> Path:
        """The changed worktree."""
        return self.root / "tree"

    @property
    def output(self) -> Path:
        """Where checks print."""
        return self.root / "output"

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files into the working tree."""
        for name, content in files.items():
            path = self.tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit_base(self, files: Mapping[str, str | bytes]) -> None:
        """Make the base commit."""
        self.write(files)
        git(self.tree, "add", "-A")
        git(self.tree, "commit", "-q", "--allow-empty", "-m", "base")
        self.base_commit = git(self.tree, "rev-parse", "HEAD").strip()

    def change(self) -> Change:
        """Take the difference to the base commit as a value."""
        git(self.tree, "add", "-A")
        base = ("--cached", self.base_commit)
        patch = _git_bytes(self.tree, "diff", "--binary", "--full-index", *base)
        names = git(self.tree, "diff", "--no-renames", "--name-only", "-z", *base).split("\0")
        counts = [line.split("\t") for line in git(self.tree, "diff", "--numstat", *base).splitlines()]
        return Change(
            base_commit=self.base_commit,
            patch=patch,
            files=tuple(name for name in names if name),
            added_lines=sum(int(one[0]) for one in counts if one[0] != "-"),
            removed_lines=sum(int(one[1]) for one in counts if one[1] != "-"),
        )

    def make_base_worktree(self) -> Path:
        """Check the base commit out, as the pipeline does."""
        place = self.root / f"base-{len(self.base_calls)}"
        git(self.tree, "worktree", "add", "--detach", str(place), self.base_commit)
        self.base_calls.append(place)
        return place

    def judge(
        self,
        gate: Mapping[str, Any] | None = None,
        *,
        issue: Issue | None = None,
        main: Mapping[str, Any] | None = None,
        security: Mapping[str, Any] | None = None,
        environ: Mapping[str, str] | None = None,
        deadline_seconds: float = 60,
    ) -> GateReport:
        """Put the gate to the change."""
        return self._judge(self.change(), issue, gate, main, security, environ, deadline_seconds)

    def judge_patch(self, patch: bytes) -> GateReport:
        """Put the gate to a patch that git did not make."""
        change = Change(base_commit=self.base_commit, patch=patch, files=(), added_lines=0, removed_lines=0)
        return self._judge(change, None, None, None, None, None, 60)

    def _judge(
        self,
        change: Change,
        issue: Issue | None,
        gate: Mapping[str, Any] | None,
        main: Mapping[str, Any] | None,
        security: Mapping[str, Any] | None,
        environ: Mapping[str, str] | None,
        deadline_seconds: float,
    ) -> GateReport:
        task = GateTask(
            repository="octo/hello",
            issue=issue or make_issue(),
            change=change,
            base_worktree=self.make_base_worktree,
            changed_worktree=self.tree,
            output_directory=self.output,
            should_stop=self.stop,
            on_start=self.groups.append,
            deadline_seconds=deadline_seconds,
            run_id="run-1",
        )
        chosen = Settings.model_validate({"gate": gate or {}, "main": main or {}, "security": security or {}})
        return judge(task, chosen, environ or {"PATH": os.environ["PATH"]}, self.cache)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty repository."""
    made = Project(root=tmp_path)
    made.tree.mkdir()
    git(made.tree, "init", "-q")
    return made


def row(report: GateReport, name: str) -> CheckReport:
    """Find one check of a report."""
    return next(check for check in report.checks if check.name == name)
