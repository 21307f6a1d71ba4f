"""Read what is known of issues and repositories beside their runs."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from processor.ledger.schema import issues, pull_requests, repositories, runs
from processor.model import IssueRef


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


def published_issues(db: Connection, repository: str | None = None) -> tuple[IssueRef, ...]:
    """List the issues for which a commit, a pull request or the label of a dead letter was ever made; None: of all."""
    ours = or_(runs.c.commit_sha.is_not(None), runs.c.is_dead_letter.is_(True))
    by_run = select(runs.c.repository, runs.c.issue).where(ours, runs.c.is_dry_run.is_(False))
    found = by_run.union(select(pull_requests.c.repository, pull_requests.c.issue)).subquery()
    wanted = select(found).order_by(found.c.repository, found.c.issue)
    if repository is not None:
        wanted = wanted.where(found.c.repository == repository)
    return tuple(IssueRef(row.repository, row.issue) for row in db.execute(wanted))


def recorded_repositories(db: Connection) -> tuple[str, ...]:
    """List the repositories of which an issue was ever seen, as they were written then."""
    return tuple(db.execute(select(issues.c.repository).distinct().order_by(issues.c.repository)).scalars())


def recorded_name(db: Connection, repository: str) -> str:
    """Spell a repository as the ledger does, or as given when it has none of it: letter case makes no other one."""
    recorded = recorded_repositories(db)
    if repository in recorded:
        return repository
    return next((name for name in recorded if name.lower() == repository.lower()), repository)


def was_polled(db: Connection, repository: str) -> bool:
    """Tell whether a repository was ever polled to the end."""
    return db.execute(select(repositories.c.name).where(repositories.c.name == repository)).first() is not None
