"""Write the pull requests that are ours, and what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from processor.ledger import families, totals
from processor.ledger.records import RunRecord
from processor.ledger.schema import pull_requests
from processor.model import CiState, PullRequest, Reviews, ReviewState

OPEN, MERGED, CLOSED = "open", "merged", "closed"


def record_opened(db: Connection, run: RunRecord, pull: PullRequest, now: float) -> None:
    """Record a pull request once; counted when it is new to us."""
    known = db.execute(select(pull_requests.c.number).where(*_is(pull.repository, pull.number))).first()
    if known is not None:
        db.execute(
            update(pull_requests)
            .where(*_is(pull.repository, pull.number))
            .values(run_id=run.run_id, head_sha=pull.head_sha, looked_at=now)
        )
        return
    db.execute(
        insert(pull_requests).values(
            repository=pull.repository,
            number=pull.number,
            run_id=run.run_id,
            issue=run.ref.number,
            branch=pull.head_branch,
            head_sha=pull.head_sha,
            url=pull.url,
            state=OPEN,
            review_state=ReviewState.NONE,
            ci_state=CiState.NONE,
            created_at=pull.created_at.timestamp(),
            looked_at=now,
        )
    )
    totals.add(db, families.PULL_REQUESTS_CREATED, {"repository": pull.repository})


def record_follow_up(db: Connection, pull: PullRequest, reviews: Reviews, ci: CiState, now: float) -> bool:
    """Record what became of a pull request; True when something changed.

    A pull request counts once for each result, however often it is reopened; what was counted is never taken back.
    Several services follow it, and what one read may be older than what another wrote: a merge is final.
    """
    row = db.execute(select(pull_requests).where(*_is(pull.repository, pull.number))).first()
    if row is None or (row.state == MERGED and not pull.is_merged):
        return False
    state = OPEN if pull.is_open else MERGED if pull.is_merged else CLOSED
    found = {"state": state, "review_state": reviews.state, "ci_state": ci, "head_sha": pull.head_sha}
    ended_at = pull.closed_at or pull.merged_at
    is_changed = any(getattr(row, name) != value for name, value in found.items())
    db.execute(
        update(pull_requests)
        .where(*_is(pull.repository, pull.number))
        .values(
            **found,
            merged_at=pull.merged_at.timestamp() if pull.merged_at else None,
            closed_at=ended_at.timestamp() if ended_at else row.closed_at,
            looked_at=now,
        )
    )
    _note_first_review(db, pull, row, reviews.first_at, now)
    counted_at = row.merged_at if state == MERGED else row.closed_at
    if state != OPEN and counted_at is None:
        totals.add(db, families.PULL_REQUESTS_CLOSED, {"repository": pull.repository, "result": state})
        if pull.merged_at is not None:
            seconds = pull.merged_at.timestamp() - row.created_at
            totals.observe(db, families.MERGE_TIME, {}, max(0.0, seconds), totals.Exemplar(row.run_id, now))
    return is_changed


def _note_first_review(
    db: Connection, pull: PullRequest, known: Row[Any], first_at: datetime | None, now: float
) -> None:
    """Keep when it was first reviewed, and how long that took, once; what vanishes later is not taken back."""
    if first_at is None or known.first_reviewed_at is not None:
        return
    reviewed_at = first_at.timestamp()
    db.execute(update(pull_requests).where(*_is(pull.repository, pull.number)).values(first_reviewed_at=reviewed_at))
    seconds = max(0.0, reviewed_at - known.created_at)
    totals.observe(db, families.REVIEW_TIME, {}, seconds, totals.Exemplar(known.run_id, now))


def _is(repository: str, number: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return pull_requests.c.repository == repository, pull_requests.c.number == number
