"""Put issues into the queue: eligible ones most urgent first, or the one that a person names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from processor import logs
from processor.intake.eligibility import branch_for, sort_key
from processor.intake.poller import Poller
from processor.ledger import issues, queries, runs
from processor.model import Decision, Issue

_LOG = logs.get_logger("intake")


@dataclass(frozen=True)
class LookedAt:
    """An issue, what was decided on it, and how many runs it had then."""

    issue: Issue
    decision: Decision
    runs_before: int


def queue_issue(
    poller: Poller,
    issue: Issue,
    decision: Decision,
    *,
    requested_by: str,
    is_dry_run: bool = False,
    is_forced: bool = False,
    with_word: Callable[[Connection, float], None] | None = None,
    runs_before: int | None = None,
) -> str:
    """Put one issue into the queue and return the run's id.

    Args:
        with_word: what an operator said about it, recorded with the run or not at all: were it recorded before, a poll
            could act on it first.
        runs_before: how many runs the issue had when it was decided on; None where a person decides.

    Raises:
        TakenAlready: the issue has an active run, has had another one since it was decided on, or is the canary's
            and its round is over.
    """
    with poller.ledger.write() as db:
        now = poller.clock()  # under the lock, so that of two runs of an issue the later one is the newer one
        if runs_before is not None and queries.count_runs_of_issue(db, issue.ref) != runs_before:
            raise runs.TakenAlready(f"{issue.ref} had a run meanwhile; see `aip explain {issue.ref}`")
        if queries.is_canary_over(db, issue.ref):
            # Nobody would take back what a run published now.
            raise runs.TakenAlready(f"the canary's round of {issue.ref} is over; `aip canary run` makes another")
        discovered_at = issues.see(db, issue, decision.priority, now)
        if with_word is not None:
            with_word(db, now)
        sequence = runs.next_sequence(db, issue.ref)
        earlier = queries.pull_requests_of_issue(db, issue.ref)
        run_id = runs.queue(
            db,
            runs.NewRun(
                ref=issue.ref,
                title=issue.title,
                priority=decision.priority,
                issue_created_at=issue.created_at.timestamp(),
                discovered_at=discovered_at,
                branch=branch_for(poller.settings.main.publish.branch_prefix, issue.ref.number, sequence),
                sequence=sequence,
                requested_by=requested_by,
                previous_pull_request=earlier[0].number if earlier else None,
                is_dry_run=is_dry_run,
                is_forced=is_forced,
                is_canary=queries.is_canary_issue(db, issue.ref),
            ),
            now,
        )
    _LOG.info(logs.ISSUE_QUEUED, run_id=run_id, repository=issue.ref.repository, issue=issue.ref.number)
    return run_id


def queue_in_order(poller: Poller, repository: str, eligible: Sequence[LookedAt]) -> tuple[tuple[str, ...], int, int]:
    """Queue the eligible issues; a first start takes only so many and holds the rest for an operator's word.

    With that the repository was polled to the end, which is noted.

    Returns:
        The run ids in order of work, how many issues this poll holds back, and how many are held back in all.
    """
    with poller.ledger.read() as db:
        is_first = not (queries.was_polled(db, repository) or poller.is_sandbox(repository))
        known = {one.issue.ref: queries.issue(db, one.issue.ref) for one in eligible}
    free = [one for one in eligible if not (record := known[one.issue.ref]) or not record.is_waiting_for_operator]
    free.sort(key=lambda one: sort_key(one.decision.priority, one.issue.created_at, one.issue.ref.number))
    limit = poller.settings.main.intake.first_start_limit if is_first else len(free)
    queued = tuple(run_id for one in free[:limit] if (run_id := _queue_unless_taken(poller, one)) is not None)
    with poller.ledger.write() as db:
        # Of several services that poll for the first time one holds back; an operator may have let go since.
        kept = () if queries.was_polled(db, repository) else free[limit:]
        held = sum(_hold(db, one) for one in kept)
        issues.note_poll(db, repository, poller.clock())
        waiting = queries.waiting_issues(db, repository)
    return queued, held, waiting


def _hold(db: Connection, one: LookedAt) -> bool:
    """Hold an issue for an operator; False when somebody had it processed since it was decided on."""
    if queries.count_runs_of_issue(db, one.issue.ref) != one.runs_before:
        return False
    issues.hold_for_operator(db, one.issue.ref)
    return True


def _queue_unless_taken(poller: Poller, one: LookedAt) -> str | None:
    """Queue an issue for the poll; None when another service was first."""
    is_dry_run = poller.settings.main.dry_run
    try:
        return queue_issue(
            poller,
            one.issue,
            one.decision,
            requested_by="poll",
            is_dry_run=is_dry_run,
            runs_before=one.runs_before,
        )
    except runs.TakenAlready:
        return None
