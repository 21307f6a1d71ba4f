"""Read the runs that ended lately, in the little detail that the handbook's scripts ask for."""

from dataclasses import dataclass

from sqlalchemy import Connection, case, select

from processor.ledger.queries.periods import processed_between
from processor.ledger.schema import runs
from processor.ledger.worked import RUN_SECONDS


@dataclass(frozen=True)
class EndedRun:
    """A processed run; `seconds` are of work, None for one that never began."""

    repository: str
    issue: int
    outcome: str
    finished_at: float
    seconds: float | None


def processed_runs(db: Connection, start: float, end: float) -> tuple[EndedRun, ...]:
    """Read the runs that ended at or after `start` and before `end` and were not cancelled, oldest first."""
    seconds = case((runs.c.started_at.is_not(None), RUN_SECONDS)).label("seconds")
    columns = (runs.c.repository, runs.c.issue, runs.c.outcome, runs.c.finished_at, seconds)
    wanted = select(*columns).where(*processed_between(start, end)).order_by(runs.c.finished_at, runs.c.run_id)
    return tuple(EndedRun(*row) for row in db.execute(wanted))
