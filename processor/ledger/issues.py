"""Write what intake learned of an issue: seen, skipped, held, asked for again by an operator."""

from sqlalchemy import ColumnElement, Connection, insert, select, update

from processor.ledger import families, totals
from processor.ledger.schema import issues, repositories
from processor.model import Issue, IssueRef, Priority


def see(db: Connection, issue: Issue, priority: Priority, now: float) -> float:
    """Note an issue and return when it was first seen."""
    known = db.execute(select(issues.c.discovered_at).where(*_is(issue.ref))).scalar()
    if known is None:
        db.execute(
            insert(issues).values(
                repository=issue.ref.repository,
                number=issue.ref.number,
                title=issue.title,
                priority=priority,
                discovered_at=now,
                seen_at=now,
            )
        )
        return now
    db.execute(update(issues).where(*_is(issue.ref)).values(title=issue.title, priority=priority, seen_at=now))
    return float(known)


def skip(db: Connection, ref: IssueRef, reason: str) -> bool:
    """Note why an issue is not processed; counted, and True, only when the reason is a new one for it."""
    changed = db.execute(
        update(issues).where(*_is(ref), issues.c.skip_reason.is_distinct_from(reason)).values(skip_reason=reason)
    )
    if changed.rowcount == 0:
        return False
    totals.add(db, families.ISSUES_SKIPPED, {"reason": reason})
    return True


def hold_for_operator(db: Connection, ref: IssueRef) -> None:
    """Keep an issue of a first start back until an operator lets it go."""
    db.execute(update(issues).where(*_is(ref)).values(is_waiting_for_operator=True))


def let_go(db: Connection, repository: str | None = None) -> int:
    """Let every held issue go and return how many there were."""
    wanted: list[ColumnElement[bool]] = [issues.c.is_waiting_for_operator.is_(True)]
    if repository is not None:
        wanted.append(issues.c.repository == repository)
    return db.execute(update(issues).where(*wanted).values(is_waiting_for_operator=False)).rowcount


def request_retry(db: Connection, ref: IssueRef, kind: str) -> None:
    """Note an operator's word that the issue may be processed once more; `kind` is `retry` or `again`."""
    db.execute(
        update(issues).where(*_is(ref)).values(retry_requested=kind, is_waiting_for_operator=False, skip_reason=None)
    )


def note_poll(db: Connection, repository: str, now: float) -> None:
    """Note that a repository was polled to the end."""
    changed = db.execute(update(repositories).where(repositories.c.name == repository).values(last_polled_at=now))
    if changed.rowcount == 0:
        db.execute(insert(repositories).values(name=repository, first_polled_at=now, last_polled_at=now))


def _is(ref: IssueRef) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return issues.c.repository == ref.repository, issues.c.number == ref.number
