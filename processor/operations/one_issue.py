"""Put one issue into the queue because a person wants it now; forced, also past what intake says."""

from dataclasses import dataclass

from sqlalchemy import Connection

from processor.errors import ProcessorError
from processor.intake.eligibility import SkipReason
from processor.intake.poller import Poller
from processor.intake.polling import look_at
from processor.intake.queueing import queue_issue
from processor.ledger import operators
from processor.ledger.operators import Act
from processor.model import Decision, IssueRef, Priority

#: What no force overrides: there would be two runs.
_NEVER_FORCED = frozenset({SkipReason.NOT_AN_ISSUE, SkipReason.ACTIVE})
#: Nor, but for a dry run, which opens none: there would be two pull requests.
_NEVER_PUBLISHED = frozenset({SkipReason.PULL_REQUEST_OPEN})


class NotEligible(ProcessorError):
    """Intake refuses the issue."""


@dataclass(frozen=True)
class Requested:
    """The run that was queued."""

    run_id: str
    priority: Priority


def request(poller: Poller, ref: IssueRef, act: Act, *, is_forced: bool, is_dry_run: bool) -> Requested:
    """Queue a run of an issue, and record who wanted it; both or neither.

    Raises:
        NotEligible: with the rule that refused.
        TakenAlready: somebody was quicker since it was looked at.
        GitHubError, NetworkError: the issue cannot be read.
    """
    issue = poller.github.get_issue(ref)
    decision = look_at(poller, issue)
    never = _NEVER_FORCED if is_dry_run else _NEVER_FORCED | _NEVER_PUBLISHED
    _refuse(ref, decision, is_forced=is_forced, never_forced=never)

    def say(db: Connection, now: float) -> None:
        operators.record(db, act, now)

    run_id = queue_issue(
        poller, issue, decision, requested_by=act.actor, is_dry_run=is_dry_run, is_forced=is_forced, with_word=say
    )
    return Requested(run_id, decision.priority)


def _refuse(ref: IssueRef, decision: Decision, *, is_forced: bool, never_forced: frozenset[SkipReason]) -> None:
    is_forceable = decision.reason not in never_forced
    if decision.is_eligible or (is_forced and is_forceable):
        return
    step = next(step for step in decision.steps if step.rule == decision.reason)
    remedy = f"`aip explain {ref}` shows every rule"
    if is_forceable:
        remedy += ", --force processes it all the same"
    elif is_forced:
        remedy += "; --force does not override this one"
    raise NotEligible(f"{ref} is not eligible: {decision.reason} ({step.value}); {remedy}")
