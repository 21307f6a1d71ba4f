"""Name why intake refuses an issue, and say it to the issue's author."""

from collections.abc import Iterable
from enum import StrEnum

from processor.model import Issue
from processor.settings.sections import Intake


class SkipReason(StrEnum):
    """Why intake refuses an issue; the order is the order of the rules."""

    NOT_AN_ISSUE = "not_an_issue"
    CLOSED = "closed"
    LABEL_MISSING = "label_missing"
    AUTHOR_DENIED = "author_denied"
    AUTHOR_NOT_ALLOWED = "author_not_allowed"
    LOCKED = "locked"
    SKIP_LABEL = "skip_label"
    ASSIGNED = "assigned"
    ACTIVE = "active"
    PULL_REQUEST_OPEN = "pull_request_open"
    PULL_REQUEST_MERGED = "pull_request_merged"
    PULL_REQUEST_CLOSED = "pull_request_closed"
    FAILED_BEFORE = "failed_before"
    REJECTED_BEFORE = "rejected_before"
    CANCELLED_BEFORE = "cancelled_before"
    SUCCEEDED_BEFORE = "succeeded_before"


_ADVICE = {
    SkipReason.SKIP_LABEL: "it has a label that keeps it for people ({skip_labels}); remove that label",
    SkipReason.ASSIGNED: "it is assigned to {assignees}; unassign it",
    SkipReason.PULL_REQUEST_OPEN: "its pull request is open already",
    SkipReason.PULL_REQUEST_MERGED: "its pull request was merged; ask an operator to have another go",
    SkipReason.PULL_REQUEST_CLOSED: "its pull request was closed without a merge; ask an operator to have another go",
    SkipReason.FAILED_BEFORE: "an earlier run failed; ask an operator to retry it",
    SkipReason.REJECTED_BEFORE: "the quality gate rejected an earlier change; ask an operator to retry it",
    SkipReason.CANCELLED_BEFORE: "an operator cancelled an earlier run; ask them to retry it",
}


def explain_skip(reason: SkipReason, issue: Issue, *, intake: Intake) -> str | None:
    """Say to the issue's author why nothing happens; None when there is nothing to say or nobody to say it to.

    Authors who are not allowed are never answered, and neither is an issue that did not ask for us.
    """
    advice = _ADVICE.get(reason)
    if advice is None:
        return None
    skip = {label.casefold() for label in intake.skip_labels}
    skip_labels = _as_code(label for label in issue.labels if label.casefold() in skip)
    advice = advice.format(skip_labels=skip_labels, assignees=_as_code(issue.assignees))
    return f"This issue is not processed automatically: {advice}."


def _as_code(names: Iterable[str]) -> str:
    """Show names as code, which notifies nobody and is no Markdown."""
    plain = (" ".join(name.replace("`", "'").split()) for name in names)
    return ", ".join(f"`{name}`" for name in plain)
