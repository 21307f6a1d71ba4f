"""Let an issue be processed once more, on an operator's word, without waiting for the next poll."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from processor.errors import ProcessorError
from processor.intake.eligibility import SkipReason, decide
from processor.intake.history import read_history
from processor.intake.poller import Poller
from processor.intake.queueing import queue_issue
from processor.ledger import issues, operators
from processor.ledger.connection import Ledger
from processor.ledger.operators import Act
from processor.ledger.runs import TakenAlready
from processor.model import Decision, Issue, IssueRef
from processor.operations.spelling import is_listed

_HINTS = {
    SkipReason.ACTIVE: "see `aip queue show {ref}`",
    SkipReason.PULL_REQUEST_OPEN: "close it first, or `aip undo {ref}`",
    SkipReason.PULL_REQUEST_CLOSED: "`aip queue retry --again {ref}` opens another from a new branch",
    SkipReason.PULL_REQUEST_MERGED: "reopen the issue, then `aip queue retry --again {ref}`",
}


class NotRetried(ProcessorError):
    """The issue is refused even with the operator's word."""


@dataclass(frozen=True)
class Retried:
    """The new run of an issue."""

    ref: IssueRef
    run_id: str


def retry(poller: Poller, ref: IssueRef, act: Act, *, again: bool) -> Retried:
    """Queue a new run when every rule but those of earlier runs lets the issue pass.

    Args:
        again: another go after our pull request was closed, or merged and the issue reopened.

    Raises:
        NotRetried: with the rule that refused and its value, its repository is not listed, or somebody was quicker;
            nothing was changed.
        GitHubError, NetworkError: the issue cannot be read.
    """
    if not is_listed(poller.settings.main, ref.repository):
        raise NotRetried(
            f"{ref} is refused, because {ref.repository} is not in the settings; add it to repositories in "
            f"configs/auto_issue_processor.yaml, or process this one issue by `aip once {ref}`"
        )
    issue = poller.github.get_issue(ref)
    decision = _decide_with_word(poller, issue, again=again)
    if not decision.is_eligible:
        raise NotRetried(_refusal(ref, decision))

    def say(db: Connection, now: float) -> None:
        operators.record(db, act, now)
        issues.request_retry(db, ref, "again" if again else "retry")

    dry = poller.settings.main.dry_run
    try:
        run_id = queue_issue(poller, issue, decision, requested_by=act.actor, is_dry_run=dry, with_word=say)
    except TakenAlready as exc:
        raise NotRetried(str(exc)) from exc
    return Retried(ref, run_id)


def let_go(ledger: Ledger, act: Act, repository: str | None, now: float) -> int:
    """Let the issues go that a first start holds back, and return how many; the next poll queues them.

    It is recorded when there was any.
    """
    with ledger.write() as db:
        freed = issues.let_go(db, repository)
        if freed:
            operators.record(db, act, now)
    return freed


def _decide_with_word(poller: Poller, issue: Issue, *, again: bool) -> Decision:
    history = read_history(poller.ledger, poller.github, issue.ref, counts_dry_runs=poller.settings.main.dry_run)
    granted = replace(history, retry_requested=True, again_requested=again or history.again_requested)
    main = poller.settings.main
    return decide(issue, intake=main.intake, security=poller.settings.security, history=granted)


def _refusal(ref: IssueRef, decision: Decision) -> str:
    step = next(step for step in decision.steps if not step.is_satisfied)
    hint = _HINTS.get(SkipReason(decision.reason), "`aip explain {ref}` shows every rule").format(ref=ref)
    return f"{ref} is refused by the rule {step.rule} ({step.value}); {hint}"
