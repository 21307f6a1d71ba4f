"""Read what the gate and people said in a period: check results, rejected runs, scores, reviews that wait."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, func, select

from processor.ledger.queries.periods import ended_between
from processor.ledger.schema import checks, pull_requests, runs
from processor.model import Outcome

#: Without a verdict of a person.
_UNJUDGED = ("none", "commented")


@dataclass(frozen=True)
class RejectedRun:
    """A run that the gate rejected; `score` is 0 to 100."""

    run_id: str
    repository: str
    issue: int
    score: float | None


@dataclass(frozen=True)
class OpenedPullRequest:
    """A pull request of ours; times are of the epoch."""

    repository: str
    number: int
    url: str
    created_at: float
    ci_state: str  #: what the repository's own checks said when it was last seen


def check_results_between(db: Connection, start: float, end: float) -> dict[tuple[str, str], int]:
    """Count what each check said of the runs that ended, by check and result."""
    of_the_runs = checks.join(runs, runs.c.run_id == checks.c.run_id)
    by = (checks.c.name, checks.c.result)
    counted = select(*by, func.count()).select_from(of_the_runs).where(*ended_between(start, end)).group_by(*by)
    return {(name, result): number for name, result, number in db.execute(counted)}


def rejected_runs_between(db: Connection, start: float, end: float, limit: int) -> tuple[RejectedRun, ...]:
    """Read the runs that the gate rejected, the last first."""
    columns = (runs.c.run_id, runs.c.repository, runs.c.issue, runs.c.gate_score)
    wanted = select(*columns).where(*ended_between(start, end), runs.c.outcome == Outcome.REJECTED)
    rows = db.execute(wanted.order_by(runs.c.finished_at.desc(), runs.c.run_id).limit(limit))
    return tuple(RejectedRun(*row) for row in rows)


def mean_gate_score_between(db: Connection, start: float, end: float) -> float | None:
    """Tell the mean score, 0 to 100, of the runs that ended; None when none was scored."""
    score: float | None = db.execute(select(func.avg(runs.c.gate_score)).where(*ended_between(start, end))).scalar()
    return score


def queue_wait_between(db: Connection, start: float, end: float) -> tuple[float | None, float | None]:
    """Tell mean and maximum of the seconds that the runs that ended had waited for their start; None without any."""
    begun = runs.c.started_at.is_not(None)
    wait = case((runs.c.started_at > runs.c.queued_at, runs.c.started_at - runs.c.queued_at), (begun, 0.0))
    mean, longest = db.execute(select(func.avg(wait), func.max(wait)).where(*ended_between(start, end))).one()
    return mean, longest


def opened_pull_requests_between(db: Connection, start: float, end: float) -> tuple[OpenedPullRequest, ...]:
    """Read our pull requests that were opened, oldest first."""
    opened = (pull_requests.c.created_at >= start, pull_requests.c.created_at < end)
    return _pull_requests(db, *opened)


def pull_requests_without_verdict(db: Connection) -> tuple[OpenedPullRequest, ...]:
    """Read our open pull requests that nobody approved or asked to change, oldest first."""
    return _pull_requests(db, pull_requests.c.state == "open", pull_requests.c.review_state.in_(_UNJUDGED))


def _pull_requests(db: Connection, *where: ColumnElement[bool]) -> tuple[OpenedPullRequest, ...]:
    columns = (pull_requests.c[name] for name in OpenedPullRequest.__dataclass_fields__)
    oldest_first = (pull_requests.c.created_at, pull_requests.c.repository, pull_requests.c.number)
    rows = db.execute(select(*columns).where(*where).order_by(*oldest_first))  # GitHub tells no fractions of seconds
    return tuple(OpenedPullRequest(*row) for row in rows)
