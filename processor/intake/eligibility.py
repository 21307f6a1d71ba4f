"""Decide whether an issue may be processed, with every rule that was looked at and the first one that refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from processor.intake.priority import priority_of
from processor.model import Decision, Issue, Outcome, Priority, RuleStep
from processor.settings.sections import Intake, SecurityFile

ELIGIBLE = "eligible"


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

    has_active_run: bool = False
    last_outcome: Outcome | None = None
    is_dead_letter: bool = False
    pull_request: int | None = None
    pull_request_state: PullRequestState = PullRequestState.NONE
    merged_at: datetime | None = None
    reopened_at: datetime | None = None
    retry_requested: bool = False  #: an operator said `aip queue retry`
    again_requested: bool = False  #: an operator said `aip queue retry --again`; a retry as well


def decide(issue: Issue, *, intake: Intake, security: SecurityFile, history: History) -> Decision:
    """Look at every rule and decide; the first that is not satisfied is the reason.

    The author's rules come before the issue's own state, so that every later reason is one an allowed author may be
    told. Capacity is no rule: an issue that waits for it is eligible.
    """
    steps = (*_address_rules(issue, intake), *_author_rules(issue, security), *_state_rules(issue, intake))
    steps += (*_pull_request_rules(history), *_outcome_rules(history))
    reason = next((step.rule for step in steps if not step.is_satisfied), ELIGIBLE)
    return Decision(
        is_eligible=reason == ELIGIBLE,
        reason=reason,
        priority=priority_of(issue.title, issue.labels, intake),
        steps=steps,
    )


def sort_key(priority: Priority, created_at: datetime, number: int) -> tuple[int, float, int]:
    """Order issues: most urgent first, then oldest, then lowest number."""
    return priority.rank, created_at.timestamp(), number


def branch_for(prefix: str, number: int, sequence: int) -> str:
    """Name the branch of an issue: `auto-fix/issue-7`; with the operator's second go `auto-fix/issue-7-2`."""
    return f"{prefix}{number}" if sequence <= 1 else f"{prefix}{number}-{sequence}"


def _step(refusal: SkipReason, value: str, *, is_satisfied: bool) -> RuleStep:
    return RuleStep(rule=refusal, value=value, is_satisfied=is_satisfied)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _address_rules(issue: Issue, intake: Intake) -> tuple[RuleStep, ...]:
    kind = "pull request" if issue.is_pull_request else "issue"
    state = "open" if issue.is_open else "closed"
    labels = {label.casefold() for label in issue.labels}
    return (
        _step(SkipReason.NOT_AN_ISSUE, kind, is_satisfied=not issue.is_pull_request),
        _step(SkipReason.CLOSED, state, is_satisfied=issue.is_open),
        _step(SkipReason.LABEL_MISSING, _listed(issue.labels), is_satisfied=intake.label.casefold() in labels),
    )


def _author_rules(issue: Issue, security: SecurityFile) -> tuple[RuleStep, ...]:
    author = issue.author.casefold()
    is_denied = author in {name.casefold() for name in security.denied_authors}
    is_named = author != "" and author in {name.casefold() for name in security.allowed_authors}
    is_associated = author != "" and issue.author_association in security.allowed_associations
    shown = issue.author or "deleted account"
    return (
        _step(SkipReason.AUTHOR_DENIED, shown, is_satisfied=not is_denied),
        _step(
            SkipReason.AUTHOR_NOT_ALLOWED,
            f"{shown} ({issue.author_association})",
            is_satisfied=is_named or is_associated,
        ),
    )


def _state_rules(issue: Issue, intake: Intake) -> tuple[RuleStep, ...]:
    skip = {label.casefold() for label in intake.skip_labels}
    found = [label for label in issue.labels if label.casefold() in skip]
    lock = "locked" if issue.is_locked else "not locked"
    return (
        _step(SkipReason.LOCKED, lock, is_satisfied=not issue.is_locked),
        _step(SkipReason.SKIP_LABEL, _listed(found), is_satisfied=not found),
        _step(SkipReason.ASSIGNED, _listed(issue.assignees), is_satisfied=not issue.assignees),
    )


def _pull_request_rules(history: History) -> tuple[RuleStep, ...]:
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


def _outcome_rules(history: History) -> tuple[RuleStep, ...]:
    last = history.last_outcome
    is_free = history.retry_requested or history.again_requested
    has_pull_request = history.pull_request_state is not PullRequestState.NONE
    refused = {
        SkipReason.FAILED_BEFORE: history.is_dead_letter or last in {Outcome.ERROR, Outcome.TIMEOUT},
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
    found = ", ".join(f"`{label}`" for label in issue.labels if label.casefold() in skip)
    # A login in code marks notifies nobody.
    assignees = ", ".join(f"`{name}`" for name in issue.assignees)
    return f"This issue is not processed automatically: {advice.format(skip_labels=found, assignees=assignees)}."
