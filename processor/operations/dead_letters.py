"""Find the issues that we gave up: those whose newest run ended as a dead letter."""

from sqlalchemy import Connection, select

from processor.ledger import queries
from processor.ledger.records import RunRecord
from processor.ledger.schema import runs
from processor.model import IssueRef


def dead_letters(db: Connection) -> tuple[RunRecord, ...]:
    """Read the newest run of each issue that was given up, oldest first; one that was retried since is none."""
    rows = db.execute(
        select(runs.c.repository, runs.c.issue)
        .where(runs.c.is_dead_letter.is_(True), runs.c.is_dry_run.is_(False))
        .group_by(runs.c.repository, runs.c.issue)
    ).all()
    newest = (_newest(db, IssueRef(row.repository, row.issue)) for row in rows)
    given_up = [run for run in newest if run is not None and run.is_dead_letter]
    return tuple(sorted(given_up, key=lambda run: run.finished_at or 0.0))


def _newest(db: Connection, ref: IssueRef) -> RunRecord | None:
    return next((run for run in queries.runs_of_issue(db, ref) if not run.is_dry_run), None)
