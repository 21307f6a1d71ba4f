"""Say to an issue's author why intake refuses it."""

from collections.abc import Iterable

from processor.intake.names import folded
from processor.model import Issue, SkipReason
from processor.settings.sections import Intake

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
    skip = {folded(label) for label in intake.skip_labels}
    skip_labels = _as_code(label for label in issue.labels if folded(label) in skip)
    advice = advice.format(skip_labels=skip_labels, assignees=_as_code(issue.assignees))
    return f"This issue is not processed automatically: {advice}."


def _as_code(names: Iterable[str]) -> str:
    """Show names as code, which notifies nobody and is no Markdown."""
    plain = (" ".join(name.replace("`", "'").split()) for name in names)
    return ", ".join(f"`{name}`" for name in plain)
