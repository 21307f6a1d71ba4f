"""Take queued runs back whose issue is not to be processed any more; nothing was begun for them."""

from collections.abc import Set

from processor.errors import GitHubNotFound
from processor.intake.poller import Poller
from processor.intake.rules import address_rules
from processor.ledger import endings, queries
from processor.ledger.records import RunRecord
from processor.model import IssueRef

_GONE = "the issue was closed, moved or lost its label while it waited"


def withdraw_gone(poller: Poller, repository: str, found: Set[IssueRef]) -> tuple[str, ...]:
    """Take back the runs of issues that a listing no longer has, and return their ids.

    Each is looked at once more, because a listing may be older than the run.
    """
    waiting = [run for run in _waiting(poller) if run.ref.repository == repository and run.ref not in found]
    return tuple(run.run_id for run in waiting if _is_gone(poller, run.ref) and _take_back(poller, run, _GONE))


def withdraw_refused(poller: Poller, ref: IssueRef, reason: str) -> str | None:
    """Take back the queued run of an issue that people keep for themselves now.

    Returns:
        Its id; None when work on it has begun, or an operator asked for it.
    """
    run = next((one for one in _waiting(poller) if one.ref == ref), None)
    if run is None or not _take_back(poller, run, f"the issue is not to be processed any more: {reason}"):
        return None
    return run.run_id


def _waiting(poller: Poller) -> tuple[RunRecord, ...]:
    with poller.ledger.read() as db:
        return tuple(run for run in queries.backlog(db) if run.requested_by == "poll")


def _is_gone(poller: Poller, ref: IssueRef) -> bool:
    try:
        issue = poller.github.get_issue(ref)
    except GitHubNotFound:
        return True
    return not all(step.is_satisfied for step in address_rules(issue, poller.settings.main.intake))


def _take_back(poller: Poller, run: RunRecord, message: str) -> bool:
    with poller.ledger.write() as db:
        return endings.withdraw(db, run.run_id, message, poller.clock())
