"""Read what is going on: the backlog, runs in progress, open pull requests, the last outcomes."""

from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from sqlalchemy import Connection, func, select

from processor.ledger.counted import IS_COUNTED, IS_REAL
from processor.ledger.schema import pull_requests, runs
from processor.model import FAILED_OUTCOMES, PROCESSED_OUTCOMES, Outcome, RunState

#: More failures in a row than these are not counted: the number is an alarm long before.
MOST_CONSECUTIVE: Final = 1000


@dataclass(frozen=True)
class Waiting:
    """The backlog of one repository and priority; `oldest_at` is when its first issue joined the queue."""

    repository: str
    priority: str
    issues: int
    oldest_at: float


@dataclass(frozen=True)
class OpenPullRequests:
    """How many of our pull requests of a repository are open with this review state."""

    repository: str
    review_state: str
    count: int


_WAITING = (
    select(runs.c.repository, runs.c.priority, func.count(), func.min(runs.c.queued_at))
    .where(runs.c.state == RunState.QUEUED, IS_REAL)
    .group_by(runs.c.repository, runs.c.priority)
)
_IN_PROGRESS = select(func.count()).select_from(runs).where(runs.c.state == RunState.RUNNING, IS_REAL)
_OPEN = (
    select(pull_requests.c.repository, pull_requests.c.review_state, func.count())
    .where(pull_requests.c.state == "open")
    .group_by(pull_requests.c.repository, pull_requests.c.review_state)
)
# The order of the index on the end of runs, so that the cost is that of the limit.
_LAST_OUTCOMES = (
    select(runs.c.outcome)
    .where(runs.c.finished_at.is_not(None), IS_COUNTED, runs.c.outcome.in_(PROCESSED_OUTCOMES))
    .order_by(runs.c.finished_at.desc())
)


def waiting(db: Connection) -> tuple[Waiting, ...]:
    """Count the backlog; a repository and priority without one is left out."""
    return tuple(Waiting(*row) for row in db.execute(_WAITING))


def runs_in_progress(db: Connection) -> int:
    """Count the runs that an engine holds."""
    return db.execute(_IN_PROGRESS).scalar_one()


def pull_requests_by_review(db: Connection) -> tuple[OpenPullRequests, ...]:
    """Count our open pull requests as last seen."""
    return tuple(OpenPullRequests(*row) for row in db.execute(_OPEN))


def last_outcomes(db: Connection, limit: int) -> tuple[Outcome, ...]:
    """Read the outcomes of the runs that were processed last, newest first; dry runs are none."""
    return tuple(Outcome(outcome) for outcome in db.execute(_LAST_OUTCOMES.limit(limit)).scalars())


def consecutive_failures(db: Connection, last: tuple[Outcome, ...]) -> int:
    """Count the failures since the last run that was none, at most MOST_CONSECUTIVE; `last` is known already."""
    streak = _streak(last)
    return streak if streak < len(last) else _streak(last_outcomes(db, MOST_CONSECUTIVE))


def _streak(outcomes: tuple[Outcome, ...]) -> int:
    return sum(1 for _ in takewhile(FAILED_OUTCOMES.__contains__, outcomes))
