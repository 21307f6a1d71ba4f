"""Read the issues that we gave up: those whose newest run ended as a dead letter; dry runs are no runs here."""

from sqlalchemy import Connection, and_, func, not_, select

from processor.ledger.counted import IS_COUNTED
from processor.ledger.records import SELECT_RUNS, RunRecord
from processor.ledger.schema import runs

_NEWER = runs.alias("newer")
_IS_TRIED_AGAIN = (
    select(_NEWER.c.run_id)
    .where(
        _NEWER.c.repository == runs.c.repository,
        _NEWER.c.issue == runs.c.issue,
        _NEWER.c.queued_at > runs.c.queued_at,
        _NEWER.c.is_dry_run.is_(False),
    )
    .exists()
)
_IS_GIVEN_UP = and_(runs.c.is_dead_letter.is_(True), IS_COUNTED, not_(_IS_TRIED_AGAIN))
_COUNT = select(func.count()).select_from(runs).where(_IS_GIVEN_UP)
_LIST = SELECT_RUNS.where(_IS_GIVEN_UP).order_by(runs.c.finished_at, runs.c.run_id)


def dead_letters(db: Connection) -> tuple[RunRecord, ...]:
    """Read the newest run of each issue that was given up, oldest first; one that was tried again since is none."""
    return tuple(RunRecord.from_row(row) for row in db.execute(_LIST))


def is_dead_letter(db: Connection, run_id: str) -> bool:
    """Say whether a run is one of them."""
    return db.execute(select(runs.c.run_id).where(_IS_GIVEN_UP, runs.c.run_id == run_id)).first() is not None


def dead_letter_issues(db: Connection) -> int:
    """Count them."""
    return int(db.execute(_COUNT).scalar_one())
