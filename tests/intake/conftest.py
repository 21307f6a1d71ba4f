"""An issue that every rule lets pass, to be changed by one thing at a time."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from processor.model import Issue, IssueRef

CREATED = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)

_ELIGIBLE = Issue(
    ref=IssueRef("octo/demo", 7),
    title="Greeting is misspelt",
    body="",
    labels=("auto-processable",),
    author="alice",
    author_association="MEMBER",
    assignees=(),
    is_locked=False,
    is_open=True,
    is_pull_request=False,
    created_at=CREATED,
    updated_at=CREATED,
    url="https://github.com/octo/demo/issues/7",
)


def an_issue(**changes: Any) -> Issue:
    """Give the issue with some fields changed."""
    return replace(_ELIGIBLE, **changes)
