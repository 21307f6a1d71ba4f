"""Put a code base and its issues on the embedded forge, as if people had done it on GitHub."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from processor.demo.plan import MAINTAINER, STRANGER, PlannedIssue
from processor.demo.sources import CodeBase
from processor.forge import Forge
from processor.model import IssueRef

OWNER = "demo"
ROBOT = "auto-issue-processor"
_HOURS_BETWEEN_ISSUES = 3
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, kw_only=True)
class Published:
    """What stands on the forge: the repository, the commit it starts from, and the issues by address."""

    repository: str
    first_commit: str
    issues: Mapping[IssueRef, PlannedIssue]


def write_tree(code_base: CodeBase, folder: Path) -> None:
    """Lay the files out, byte for byte."""
    for path, text in code_base.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8"))


def publish(forge: Forge, code_base: CodeBase, tree: Path, planned: Sequence[PlannedIssue]) -> Published:
    """Create the repository from the tree and open the issues, the first one oldest."""
    repository = repository_of(code_base)
    forge.create_user(OWNER, kind="Organization")
    forge.create_user(STRANGER)
    forge.create_repository(
        repository,
        source=tree,
        description=f"The sources of {code_base.name} {code_base.version}".strip(),
        collaborators={MAINTAINER: "maintain", ROBOT: "write"},
    )
    newest = datetime.now(UTC)
    issues = {}
    for position, issue in enumerate(planned):
        opened = forge.open_issue(
            repository,
            issue.title,
            issue.body,
            labels=issue.all_labels,
            author=issue.author,
            created_at=newest - timedelta(hours=_HOURS_BETWEEN_ISSUES * (len(planned) - position)),
        )
        issues[IssueRef(repository, opened.number)] = issue
    first_commit = forge.branches(repository)["main"]
    return Published(repository=repository, first_commit=first_commit, issues=issues)


def repository_of(code_base: CodeBase) -> str:
    """Name the repository of a code base on the forge."""
    return f"{OWNER}/{_NOT_IN_A_NAME.sub('-', code_base.name)}"


def make_token(forge: Forge) -> str:
    """Give the robot's account a token."""
    return forge.create_token(ROBOT, scopes=("repo",))
