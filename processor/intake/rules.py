"""The rules of intake, one step each: its name, the value it looked at, and whether it lets the issue pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from processor.intake.names import folded
from processor.model import FAILED_OUTCOMES, Issue, Outcome, RuleStep, SkipReason
from processor.settings.sections import Intake, SecurityFile


class PullRequestState(StrEnum):
    """Where our newest pull request for an issue stands."""

    NONE = "none"
    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"  #: closed without a merge


@dataclass(frozen=True, kw_only=True)
class History:
    """What is known of our earlier work on an issue. The defaults say: nothing was done yet.

    `last_outcome` is that of the newest finished run; a dry run counts only while the service makes dry runs, so that
    it is not repeated at each poll. `reopened_at` and `merged_at` are None when that never happened.
    """

    is_canary: bool = False  #: we opened the issue ourselves, so its author may have it processed
    has_active_run: bool = False
    last_outcome: Outcome | None = None
    is_dead_letter: bool = False
    pull_request: int | None = None
    pull_request_state: PullRequestState = PullRequestState.NONE
    merged_at: datetime | None = None
    reopened_at: datetime | None = None
    retry_requested: bool = False  #: an operator said `aip queue retry`
    again_requested: bool = False  #: an operator said `aip queue retry --again`; a retry as well


def _step(refusal: SkipReason, value: str, *, is_satisfied: bool) -> RuleStep:
    return RuleStep(rule=refusal, value=value, is_satisfied=is_satisfied)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def address_rules(issue: Issue, intake: Intake) -> tuple[RuleStep, ...]:
    """Look whether this is an open issue that asked for us."""
    kind = "pull request" if issue.is_pull_request else "issue"
    state = "open" if issue.is_open else "closed"
    labels = {folded(label) for label in issue.labels}
    return (
        _step(SkipReason.NOT_AN_ISSUE, kind, is_satisfied=not issue.is_pull_request),
        _step(SkipReason.CLOSED, state, is_satisfied=issue.is_open),
        _step(SkipReason.LABEL_MISSING, _listed(issue.labels), is_satisfied=folded(intake.label) in labels),
    )


def author_rules(issue: Issue, security: SecurityFile, *, is_canary: bool = False) -> tuple[RuleStep, ...]:
    """Look whether its author may have issues processed; a denial wins over everything.

    The author of a canary is ourselves, whom GitHub shows without an association where we are an App.
    """
    author = folded(issue.author)
    is_denied = author in {folded(name) for name in security.denied_authors}
    is_named = author != "" and author in {folded(name) for name in security.allowed_authors}
    is_associated = author != "" and issue.author_association in security.allowed_associations
    shown = issue.author or "deleted account"
    return (
        _step(SkipReason.AUTHOR_DENIED, shown, is_satisfied=not is_denied),
        _step(
            SkipReason.AUTHOR_NOT_ALLOWED,
            f"{shown} ({issue.author_association})",
            is_satisfied=is_named or is_associated or is_canary,
        ),
    )


def state_rules(issue: Issue, intake: Intake) -> tuple[RuleStep, ...]:
    """Look whether people keep the issue for themselves."""
    skip = {folded(label) for label in intake.skip_labels}
    found = [label for label in issue.labels if folded(label) in skip]
    lock = "locked" if issue.is_locked else "not locked"
    return (
        _step(SkipReason.LOCKED, lock, is_satisfied=not issue.is_locked),
        _step(SkipReason.SKIP_LABEL, _listed(found), is_satisfied=not found),
        _step(SkipReason.ASSIGNED, _listed(issue.assignees), is_satisfied=not issue.assignees),
    )


def pull_request_rules(history: History) -> tuple[RuleStep, ...]:
    """Look whether we are at it already, or what became of our pull request."""
    state = history.pull_request_state
    shown = str(state) if history.pull_request is None else f"#{history.pull_request} {state}"
    is_reopened = (
        history.reopened_at is not None and history.merged_at is not None and history.reopened_at > history.merged_at
    )
    active = "an active run" if history.has_active_run else "no active run"
    merged = f"{shown}, {'reopened since' if is_reopened else 'not reopened'}, {_word(history)}"
    return (
        _step(SkipReason.ACTIVE, active, is_satisfied=not history.has_active_run),
        _step(SkipReason.PULL_REQUEST_OPEN, shown, is_satisfied=state is not PullRequestState.OPEN),
        _step(
            SkipReason.PULL_REQUEST_MERGED,
            merged if state is PullRequestState.MERGED else shown,
            is_satisfied=state is not PullRequestState.MERGED or (is_reopened and history.again_requested),
        ),
        _step(
            SkipReason.PULL_REQUEST_CLOSED,
            f"{shown}, {_word(history)}" if state is PullRequestState.CLOSED else shown,
            is_satisfied=state is not PullRequestState.CLOSED or history.again_requested,
        ),
    )


def outcome_rules(history: History) -> tuple[RuleStep, ...]:
    """Look how our last run ended; only an operator's word frees an issue that was run before."""
    last = history.last_outcome
    is_free = history.retry_requested or history.again_requested
    has_pull_request = history.pull_request_state is not PullRequestState.NONE
    refused = {
        SkipReason.FAILED_BEFORE: history.is_dead_letter or last in FAILED_OUTCOMES,
        SkipReason.REJECTED_BEFORE: last is Outcome.REJECTED,
        SkipReason.CANCELLED_BEFORE: last is Outcome.CANCELLED,
        SkipReason.SUCCEEDED_BEFORE: last is Outcome.SUCCESS and not has_pull_request,
    }
    shown = f"{last or 'no run yet'}, {_word(history)}"
    return tuple(_step(reason, shown, is_satisfied=is_free or not holds) for reason, holds in refused.items())


def _word(history: History) -> str:
    if history.again_requested:
        return "operator asked for another go"
    return "operator asked for a retry" if history.retry_requested else "no operator's word"
