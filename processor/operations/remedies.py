"""Say what lets an issue pass that intake refuses. Pure."""

from processor.model import IssueRef, SkipReason

_REMEDIES = {
    SkipReason.NOT_AN_ISSUE: "a pull request is never processed",
    SkipReason.CLOSED: "reopen it",
    SkipReason.LABEL_MISSING: "add the label that `aip config show main.intake.label` names",
    SkipReason.AUTHOR_DENIED: "take the author out of denied_authors in security_settings.yaml, if you trust them",
    SkipReason.AUTHOR_NOT_ALLOWED: "add the author to allowed_authors in security_settings.yaml, if you trust them",
    SkipReason.LOCKED: "unlock it",
    SkipReason.SKIP_LABEL: "take that label off",
    SkipReason.ASSIGNED: "unassign it",
    SkipReason.ACTIVE: "see `aip queue show {ref}`",
    SkipReason.PULL_REQUEST_OPEN: "merge or close our pull request, or `aip undo {ref}`",
    SkipReason.PULL_REQUEST_MERGED: "`aip queue retry --again {ref}` processes it once more",
    SkipReason.PULL_REQUEST_CLOSED: "`aip queue retry --again {ref}` processes it once more",
    SkipReason.FAILED_BEFORE: "see `aip queue show {ref}`, then `aip queue retry {ref}`",
    SkipReason.REJECTED_BEFORE: "see `aip queue show {ref}`, then `aip queue retry {ref}`",
    SkipReason.CANCELLED_BEFORE: "`aip queue retry {ref}` processes it once more",
    SkipReason.SUCCEEDED_BEFORE: "`aip queue retry {ref}` processes it once more",
}


def remedy(reason: SkipReason, ref: IssueRef) -> str:
    """Say what an operator does so that the rule lets the issue pass."""
    return _REMEDIES[reason].format(ref=ref)
