"""Decide what a round needs next, and what its result is. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from processor.errors import DatabaseAway, GitHubRateLimited, GitHubUnavailable, NetworkError, ProcessorError
from processor.ledger.canary import BY_THE_CLOCK
from processor.ledger.queries import CanaryRound
from processor.ledger.records import RunRecord
from processor.model import CanaryResult, Outcome, PullRequest, RunState

#: A run that ended is announced on GitHub first; what cannot be told is not waited for longer.
_ANNOUNCED_WITHIN_SECONDS = 60.0
#: After the time limit: as long as GitHub may be away and be asked all the same.
_VERIFIED_WITHIN_SECONDS = 600.0


class Step(StrEnum):
    """What is done next for a round."""

    MAKE_ISSUE = "make_issue"
    WAIT = "wait"
    LEAVE = "leave"  #: the sandbox was replaced
    VERIFY = "verify"  #: the run has ended in time: look at what it made
    GIVE_UP = "give_up"  #: the time limit is over
    CLEAN = "clean"


@dataclass(frozen=True)
class Verdict:
    """How a round ended, and why."""

    result: CanaryResult
    reason: str


@dataclass(frozen=True)
class Expected:
    """What the pull request of a run must be."""

    branch: str
    base_branch: str
    commit: str


def next_step(one: CanaryRound, run: RunRecord | None, *, is_here: bool, is_announced: bool, now: float) -> Step:
    """Decide by the round, the newest run of its issue, and the clock.

    Args:
        is_here: the repository of the round is still the sandbox.
    """
    if one.result is not None:
        return Step.CLEAN if _may_clean(run, is_announced=is_announced, now=now) else Step.WAIT
    if not is_here:
        return Step.LEAVE
    ended_at = None if run is None else run.finished_at
    if ended_at is not None and ended_at <= one.deadline_at and now < one.deadline_at + _VERIFIED_WITHIN_SECONDS:
        return Step.VERIFY
    if now >= one.deadline_at:
        return Step.GIVE_UP
    return Step.MAKE_ISSUE if one.issue is None else Step.WAIT


def _may_clean(run: RunRecord | None, *, is_announced: bool, now: float) -> bool:
    if run is None:
        return True
    if run.finished_at is None:
        return False
    return is_announced or now - run.finished_at >= _ANNOUNCED_WITHIN_SECONDS


def verdict_too_late(one: CanaryRound, run: RunRecord | None, *, resting: str | None, now: float) -> Verdict:
    """Judge a round whose time is over.

    Args:
        resting: why the processor starts nothing at the moment, by an operator's word; None when it works.
    """
    limit = one.deadline_at - one.begun_at
    if one.issue is None:
        why = one.trouble or "no answer came"
        return Verdict(CanaryResult.FAILED, f"the issue could not be made within {limit:g} s: {why}")
    is_waiting = run is None or run.state is RunState.QUEUED
    if is_waiting and resting is not None:
        return Verdict(CanaryResult.HELD, resting)
    if run is None:
        why = f": {one.trouble}" if one.trouble else f"; see `aip explain {one.ref}`"
        return Verdict(CanaryResult.TIMEOUT, f"intake did not take {one.ref} within {limit:g} s{why}")
    if run.finished_at is not None and run.finished_at <= one.deadline_at:
        why = one.trouble or "no answer came"
        return Verdict(CanaryResult.FAILED, f"run {run.run_id} ended in time, and nobody could look at GitHub: {why}")
    if run.finished_at is not None:
        late = run.finished_at - one.deadline_at
        return Verdict(
            CanaryResult.TIMEOUT, f"run {run.run_id} ended as {run.outcome} {late:.0f} s after the limit of {limit:g} s"
        )
    where = "waited for a place" if is_waiting else f"was in phase {run.phase or 'prepare'}"
    return Verdict(
        CanaryResult.TIMEOUT,
        f"run {run.run_id} {where} when the limit of {limit:g} s was over after {now - one.begun_at:.0f} s",
    )


def verdict_left(one: CanaryRound, sandbox: str | None) -> Verdict:
    """Judge a round of a repository that is the sandbox no longer."""
    instead = "has none" if sandbox is None else f"has {sandbox}"
    reason = f"{one.repository} is not the sandbox of the service, which {instead}"
    # Whoever asked for the round has other settings than the service, unless it was started again in mid-round.
    remedy = "" if one.requested_by == BY_THE_CLOCK else "; start it again where the settings were changed since"
    return Verdict(CanaryResult.HELD, f"{reason}{remedy}")


def is_passing(exc: ProcessorError) -> bool:
    """Tell whether another try may mend what stands in the way; the database and GitHub come back."""
    return isinstance(exc, NetworkError | GitHubRateLimited | GitHubUnavailable | DatabaseAway)


def verdict_of_run(run: RunRecord) -> Verdict | None:
    """Judge a run that opened no pull request; None for one that says it did, which has to be looked at."""
    if run.is_dry_run:
        return Verdict(CanaryResult.HELD, f"run {run.run_id} was a dry run, and published nothing")
    match run.outcome:
        case Outcome.SUCCESS:
            return None
        case Outcome.CANCELLED:
            return Verdict(CanaryResult.HELD, run.error_message or f"run {run.run_id} was cancelled")
        case Outcome.REJECTED:
            return Verdict(CanaryResult.FAILED, f"the gate rejected run {run.run_id}: {run.error_message}")
        case _:
            return Verdict(
                CanaryResult.FAILED, f"run {run.run_id} ended as {run.outcome}: {run.error_type}: {run.error_message}"
            )


def fault_of(pulls: tuple[PullRequest, ...], expected: Expected) -> str | None:
    """Say what is wrong with the pull requests that GitHub shows for the branch; None when all is as it should be."""
    if len(pulls) != 1:
        numbers = ", ".join(f"#{pull.number}" for pull in pulls) or "none"
        return f"branch {expected.branch} should have one pull request, and has {numbers}"
    pull = pulls[0]
    if not pull.is_open:
        return f"pull request #{pull.number} should be open, and is {'merged' if pull.is_merged else 'closed'}"
    for what, found, wanted in (
        ("goes from", pull.head_branch, expected.branch),
        ("goes into", pull.base_branch, expected.base_branch),
        ("stands at", pull.head_sha, expected.commit),
    ):
        if found != wanted:
            return f"pull request #{pull.number} {what} {found}, not {wanted}"
    return None
