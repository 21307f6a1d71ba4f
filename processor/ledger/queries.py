"""Read the ledger: runs, backlog, history of an issue, counts. Nothing here writes."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from processor.ledger.records import RunRecord
from processor.ledger.schema import (
    attempts,
    audit,
    facts,
    issues,
    phases,
    pull_requests,
    rate_limits,
    repositories,
    runs,
    usage,
)
from processor.model import IssueRef, RunState, Usage


def active_runs(db: Connection) -> tuple[RunRecord, ...]:
    """Read the runs that the engine holds, oldest start first."""
    rows = db.execute(select(runs).where(runs.c.state == RunState.RUNNING).order_by(runs.c.released_at))
    return tuple(RunRecord.from_row(row) for row in rows)


def backlog(db: Connection, limit: int | None = None) -> tuple[RunRecord, ...]:
    """Read the queued runs in the order in which they will be taken: priority, then age of the issue."""
    wanted = (
        select(runs)
        .where(runs.c.state == RunState.QUEUED)
        .order_by(runs.c.priority_rank, runs.c.issue_created_at, runs.c.issue, runs.c.repository)
    )
    return tuple(RunRecord.from_row(row) for row in db.execute(wanted.limit(limit)))


def recent_runs(db: Connection, limit: int) -> tuple[RunRecord, ...]:
    """Read the runs that ended last, newest first."""
    wanted = (
        select(runs)
        .where(runs.c.state == RunState.FINISHED)
        .order_by(runs.c.finished_at.desc(), runs.c.run_id)
        .limit(limit)
    )
    return tuple(RunRecord.from_row(row) for row in db.execute(wanted))


def runs_of_issue(db: Connection, ref: IssueRef) -> tuple[RunRecord, ...]:
    """Read every run of an issue, newest first; dry runs included."""
    rows = db.execute(
        select(runs)
        .where(runs.c.repository == ref.repository, runs.c.issue == ref.number)
        .order_by(runs.c.queued_at.desc())
    )
    return tuple(RunRecord.from_row(row) for row in rows)


def runs_by_prefix(db: Connection, prefix: str) -> tuple[RunRecord, ...]:
    """Read the runs whose id starts so, at most ten."""
    escaped = prefix.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    rows = db.execute(select(runs).where(runs.c.run_id.like(f"{escaped}%", escape="\\")).limit(10))
    return tuple(RunRecord.from_row(row) for row in rows)


def gate_report_json(db: Connection, run_id: str) -> str | None:
    """Read the stored report of the gate; None when the gate was not reached."""
    text: str | None = db.execute(select(runs.c.gate_report).where(runs.c.run_id == run_id)).scalar()
    return text


@dataclass(frozen=True, kw_only=True)
class PhaseRecord:
    """One phase of one attempt; `ended_at` None while it runs."""

    attempt: int
    phase: str
    started_at: float
    ended_at: float | None
    result: str | None


def phases_of_run(db: Connection, run_id: str) -> tuple[PhaseRecord, ...]:
    """Read the phases of a run in the order they were started."""
    rows = db.execute(select(phases).where(phases.c.run_id == run_id).order_by(phases.c.attempt, phases.c.started_at))
    return tuple(
        PhaseRecord(
            attempt=row.attempt,
            phase=row.phase,
            started_at=row.started_at,
            ended_at=row.ended_at,
            result=row.result,
        )
        for row in rows
    )


def usage_of_run(db: Connection, run_id: str) -> tuple[Usage, ...]:
    """Read what each attempt of a run spent."""
    rows = db.execute(select(usage).where(usage.c.run_id == run_id).order_by(usage.c.attempt))
    names = Usage.__dataclass_fields__
    return tuple(Usage(**{name: getattr(row, name) for name in names}) for row in rows)


@dataclass(frozen=True, kw_only=True)
class IssueRecord:
    """What is known of an issue beside its runs."""

    ref: IssueRef
    title: str
    priority: str
    discovered_at: float
    skip_reason: str | None
    retry_requested: str | None
    is_waiting_for_operator: bool


def issue(db: Connection, ref: IssueRef) -> IssueRecord | None:
    """Read an issue; None when it was never looked at."""
    row = db.execute(select(issues).where(issues.c.repository == ref.repository, issues.c.number == ref.number)).first()
    if row is None:
        return None
    return IssueRecord(
        ref=ref,
        title=row.title,
        priority=row.priority,
        discovered_at=row.discovered_at,
        skip_reason=row.skip_reason,
        retry_requested=row.retry_requested,
        is_waiting_for_operator=row.is_waiting_for_operator,
    )


def waiting_issues(db: Connection, repository: str | None = None) -> int:
    """Count the issues that a first start holds back until an operator lets them go."""
    wanted = select(func.count()).select_from(issues).where(issues.c.is_waiting_for_operator.is_(True))
    if repository is not None:
        wanted = wanted.where(issues.c.repository == repository)
    return db.execute(wanted).scalar_one()


def skipped_issues(db: Connection) -> dict[IssueRef, str]:
    """Read every issue that is refused at the moment, with the reason."""
    rows = db.execute(
        select(issues.c.repository, issues.c.number, issues.c.skip_reason)
        .where(issues.c.skip_reason.is_not(None))
        .order_by(issues.c.repository, issues.c.number)
    )
    return {IssueRef(row.repository, row.number): row.skip_reason for row in rows}


def was_polled(db: Connection, repository: str) -> bool:
    """Tell whether a repository was ever polled to the end."""
    return db.execute(select(repositories.c.name).where(repositories.c.name == repository)).first() is not None


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


def pull_requests_opened_since(db: Connection, repository: str, since: float) -> int:
    """Count our pull requests of a repository made after a time."""
    return db.execute(
        select(func.count())
        .select_from(pull_requests)
        .where(pull_requests.c.repository == repository, pull_requests.c.created_at >= since)
    ).scalar_one()


def active_runs_in(db: Connection, repository: str) -> int:
    """Count the runs of a repository that the engine holds and that may yet open a pull request."""
    return db.execute(
        select(func.count())
        .select_from(runs)
        .where(runs.c.repository == repository, runs.c.state == RunState.RUNNING, runs.c.is_dry_run.is_(False))
    ).scalar_one()


def mean_duration_seconds(db: Connection, repository: str, over: int = 50) -> float | None:
    """Tell the mean seconds of work of the last runs; None without any."""
    last = (
        select((runs.c.finished_at - runs.c.started_at).label("seconds"))
        .where(
            runs.c.repository == repository,
            runs.c.finished_at.is_not(None),
            runs.c.started_at.is_not(None),
        )
        .order_by(runs.c.finished_at.desc())
        .limit(over)
        .subquery()
    )
    return db.execute(select(func.avg(last.c.seconds))).scalar()


def born_at(db: Connection) -> float:
    """Tell when the ledger was made: the created time of every counter."""
    return float(db.execute(select(facts.c.value).where(facts.c.key == "born_at")).scalar_one())


@dataclass(frozen=True, kw_only=True)
class RateLimitRecord:
    """GitHub's last word on one of its limits."""

    resource: str
    limit: int
    remaining: int
    reset_at: float
    seen_at: float


def github_rate_limits(db: Connection) -> tuple[RateLimitRecord, ...]:
    """Read GitHub's limits as last seen."""
    rows = db.execute(select(rate_limits).order_by(rate_limits.c.resource))
    return tuple(RateLimitRecord(**row._mapping) for row in rows)  # SQLAlchemy's documented name


@dataclass(frozen=True, kw_only=True)
class AuditRecord:
    """One act of an operator."""

    at: float
    actor: str
    action: str
    target: str
    reason: str


def audit_trail(db: Connection, limit: int = 50) -> tuple[AuditRecord, ...]:
    """Read the last acts, newest first."""
    rows = db.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
    return tuple(
        AuditRecord(at=row.at, actor=row.actor, action=row.action, target=row.target, reason=row.reason) for row in rows
    )


def busy_runs(db: Connection, instance: str) -> int:
    """Count the runs that a service is in the middle of; one that only waits for its next try is not."""
    waits = (
        select(attempts.c.run_id)
        .where(
            attempts.c.run_id == runs.c.run_id,
            attempts.c.number == runs.c.attempts,
            attempts.c.retry_after_seconds.is_not(None),
        )
        .exists()
    )
    holder = func.coalesce(runs.c.executed_by, runs.c.released_by)
    return db.execute(
        select(func.count()).select_from(runs).where(runs.c.state == RunState.RUNNING, holder == instance, ~waits)
    ).scalar_one()
