"""Write down a pull request of ours that the ledger does not know, with the run that made it."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from processor.ledger import endings, pull_requests, runs
from processor.ledger.records import RunRecord
from processor.ledger.restoration import note_totals_moved
from processor.ledger.schema import pull_requests as known_pull_requests
from processor.ledger.schema import runs as known_runs
from processor.model import CiState, IssueRef, Outcome, Priority, PullRequest, Reviews, ReviewState, RunState

_REQUESTED_BY = "restore"


@dataclass(frozen=True, kw_only=True)
class Found:
    """A pull request as GitHub shows it, and what it says of the run behind it."""

    pull: PullRequest
    run_id: str
    ref: IssueRef
    sequence: int
    title: str
    priority: Priority
    issue_created_at: float


def is_known(db: Connection, pull: PullRequest) -> bool:
    """Tell whether the ledger has the pull request."""
    table = known_pull_requests
    wanted = select(table.c.number).where(table.c.repository == pull.repository, table.c.number == pull.number)
    return db.execute(wanted).first() is not None


def adopt(db: Connection, found: Found, now: float) -> None:
    """Record run and pull request as they would have been, once; the run succeeded when the pull request was opened."""
    if is_known(db, found.pull):
        return
    note_totals_moved(db, now)  # by what happened long ago, maybe in a day that is closed
    at = found.pull.created_at.timestamp()
    run = _get(db, found.run_id)
    _end_others(db, found, at)
    if run is None:
        _insert(db, found, at)
    if run is None or run.state is not RunState.FINISHED:
        endings.finish(db, found.run_id, endings.Ending(outcome=Outcome.SUCCESS), at)
    runs.set_commit(db, found.run_id, found.pull.head_sha)
    pull_requests.record_opened(db, runs.get(db, found.run_id), found.pull, now)
    runs.set_pull_request(db, found.run_id, found.pull.number, found.pull.url)
    runs.set_announced(db, found.run_id, now)
    if not found.pull.is_open:
        pull_requests.record_follow_up(db, found.pull, Reviews(ReviewState.NONE), CiState.NONE, now)


def _get(db: Connection, run_id: str) -> RunRecord | None:
    known = db.execute(select(known_runs.c.run_id).where(known_runs.c.run_id == run_id)).first()
    return None if known is None else runs.get(db, run_id)


def _end_others(db: Connection, found: Found, at: float) -> None:
    """End another run of the issue that is active here: on GitHub a later one has taken its place."""
    others = db.execute(
        select(known_runs.c.run_id).where(
            known_runs.c.repository == found.ref.repository,
            known_runs.c.issue == found.ref.number,
            known_runs.c.state != RunState.FINISHED,
            known_runs.c.run_id != found.run_id,
        )
    ).scalars()
    message = f"was over before the restore; run {found.run_id} opened pull request #{found.pull.number}"
    for run_id in list(others):
        endings.finish(db, run_id, endings.Ending(outcome=Outcome.CANCELLED, error_message=message), at)


def _insert(db: Connection, found: Found, at: float) -> None:
    """Write a run that was made and ended after the backup; how long it worked nobody knows any more."""
    db.execute(
        insert(known_runs).values(
            run_id=found.run_id,
            repository=found.ref.repository,
            issue=found.ref.number,
            sequence=found.sequence,
            title=found.title,
            priority=found.priority,
            priority_rank=found.priority.rank,
            issue_created_at=found.issue_created_at,
            branch=found.pull.head_branch,
            base_branch=found.pull.base_branch,
            state=RunState.QUEUED,
            is_dry_run=False,
            is_forced=False,
            requested_by=_REQUESTED_BY,
            discovered_at=at,
            queued_at=at,
        )
    )
