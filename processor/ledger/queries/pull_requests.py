"""Read our pull requests as they were last seen."""

from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from processor.ledger.schema import pull_requests
from processor.model import IssueRef


@dataclass(frozen=True, kw_only=True)
class PullRequestRecord:
    """One of our pull requests, as last seen."""

    repository: str
    number: int
    run_id: str
    issue: int
    branch: str
    head_sha: str
    url: str
    state: str
    review_state: str
    ci_state: str
    created_at: float
    merged_at: float | None
    closed_at: float | None


def _pull_request(row: object) -> PullRequestRecord:
    return PullRequestRecord(**{name: getattr(row, name) for name in PullRequestRecord.__dataclass_fields__})


def pull_requests_of_issue(db: Connection, ref: IssueRef) -> tuple[PullRequestRecord, ...]:
    """Read our pull requests for an issue, newest first."""
    rows = db.execute(
        select(pull_requests)
        .where(pull_requests.c.repository == ref.repository, pull_requests.c.issue == ref.number)
        .order_by(pull_requests.c.number.desc())
    )
    return tuple(_pull_request(row) for row in rows)


def open_pull_requests(db: Connection, repository: str) -> tuple[PullRequestRecord, ...]:
    """Read our pull requests of a repository that were open when last seen."""
    rows = db.execute(
        select(pull_requests)
        .where(pull_requests.c.repository == repository, pull_requests.c.state == "open")
        .order_by(pull_requests.c.number)
    )
    return tuple(_pull_request(row) for row in rows)


def pull_requests_to_follow(db: Connection, repository: str, closed_since: float) -> tuple[PullRequestRecord, ...]:
    """Read our pull requests that are open, or that people may yet reopen: closed unmerged since then."""
    may_reopen = (pull_requests.c.state == "closed") & (pull_requests.c.closed_at >= closed_since)
    rows = db.execute(
        select(pull_requests)
        .where(pull_requests.c.repository == repository, (pull_requests.c.state == "open") | may_reopen)
        .order_by(pull_requests.c.number)
    )
    return tuple(_pull_request(row) for row in rows)


def pull_requests_opened_since(db: Connection, repository: str, since: float) -> int:
    """Count our pull requests of a repository made after a time."""
    return db.execute(
        select(func.count().label("number"))
        .select_from(pull_requests)
        .where(pull_requests.c.repository == repository, pull_requests.c.created_at >= since)
    ).scalar_one()


def pull_requests_closed_between(db: Connection, start: float, end: float) -> dict[str, int]:
    """Count our pull requests that people merged, or closed for the last time, in a period; by `merged` or `closed`.

    One that was closed, reopened and merged later counts when it was merged, and no more when it was closed.
    """
    result = case((pull_requests.c.merged_at.is_not(None), "merged"), else_="closed").label("result")
    ended = select(result).where(pull_requests.c.closed_at >= start, pull_requests.c.closed_at < end).subquery()
    counted = select(ended.c.result, func.count().label("number")).group_by(ended.c.result)
    return {row.result: row.number for row in db.execute(counted)}
