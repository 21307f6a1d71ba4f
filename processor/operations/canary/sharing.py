"""Decide whose the canaries of a sandbox are, and whether another installation is at work there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC

from processor.ledger.queries import Installations
from processor.model import Issue
from processor.operations.canary.issue_text import mark_of


@dataclass(frozen=True, kw_only=True)
class Ours:
    """What a ledger knows of its own canaries; `rounds` are ids of rounds."""

    installations: Installations
    rounds: frozenset[str]


def is_ours(issue: Issue, ours: Ours) -> bool:
    """Tell whether this installation made an issue, or one that it adopted."""
    mark = mark_of(issue.body)
    return mark is not None and (mark.round_id in ours.rounds or mark.installation in ours.installations)


def find_other(issues: Iterable[Issue], ours: Ours, since: float) -> Issue | None:
    """Find the newest issue that shows another installation in the sandbox; None when it is ours alone.

    Args:
        since: in seconds since the epoch. What the ledger does not know and was made from then on was made beside us,
            with our own id by a copy of this ledger. What is older may be left over from a ledger that is gone.
    """
    newest_first = sorted(issues, key=lambda issue: issue.ref.number, reverse=True)
    return next((issue for issue in newest_first if _is_of_another(issue, ours, since)), None)


def _is_of_another(issue: Issue, ours: Ours, since: float) -> bool:
    mark = mark_of(issue.body)
    if mark is None or mark.round_id in ours.rounds:
        return False
    is_left_open = issue.is_open and mark.installation not in ours.installations
    return is_left_open or issue.created_at.timestamp() >= since


def what_is_shared(issue: Issue, installations: Installations) -> str:
    """Say who else uses the sandbox, and what is to be done."""
    mark, repository = mark_of(issue.body), issue.ref.repository
    other = None if mark is None else mark.installation
    seen = f"{issue.ref} of {issue.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if other is None:
        return f"{seen} is of a canary that names no installation; close it and its pull request when nobody needs them"
    if other == installations.own:
        return f"a copy of this ledger uses {repository} too ({seen}); give the copy a sandbox of its own"
    if other in installations:
        return f"installation {other}, adopted here, still uses {repository} ({seen}); give it a sandbox of its own"
    return (
        f"installation {other} uses {repository} too ({seen}); give each installation a sandbox of its own, or, when "
        f"that one is gone for good, say `aip canary adopt {other}`"
    )
