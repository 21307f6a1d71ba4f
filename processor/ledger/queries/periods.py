"""Sum up a closed stretch of time, such as a day: exact, by when the runs ended; dry runs are left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from processor.ledger.schema import runs
from processor.model import Outcome

_FAILED: Final = (Outcome.ERROR, Outcome.TIMEOUT)
_PROCESSED: Final = (Outcome.SUCCESS, Outcome.REJECTED, *_FAILED)


@dataclass(frozen=True, kw_only=True)
class PeriodSummary:
    """The runs that ended in a period. Keys that did not occur are left out; durations are None without runs."""

    runs: Mapping[tuple[str, str], int]  #: by priority and outcome
    errors: Mapping[str, int]  #: by error type
    mean_seconds: float | None  #: of work, over processed runs
    longest_seconds: float | None


def period_summary(db: Connection, start: float, end: float) -> PeriodSummary:
    """Sum up the runs that ended at or after `start` and before `end` (seconds of the epoch)."""
    ended = _ended(start, end)
    worked = runs.c.finished_at - func.coalesce(runs.c.started_at, runs.c.finished_at)
    durations = db.execute(
        select(func.avg(worked), func.max(worked)).where(*ended, runs.c.outcome.in_(_PROCESSED))
    ).one()
    return PeriodSummary(
        runs={(row.priority, row.outcome): row.count for row in _counted(db, ended, runs.c.priority, runs.c.outcome)},
        errors={
            row.error_type: row.count
            for row in _counted(db, (*ended, runs.c.outcome.in_(_FAILED)), runs.c.error_type)
            if row.error_type is not None
        },
        mean_seconds=durations[0],
        longest_seconds=durations[1],
    )


def outcomes_between(db: Connection, start: float, end: float) -> dict[str, int]:
    """Count the outcomes of the runs that ended at or after `start` and before `end`."""
    return {row.outcome: row.count for row in _counted(db, _ended(start, end), runs.c.outcome)}


def _ended(start: float, end: float) -> tuple[ColumnElement[bool], ...]:
    return runs.c.finished_at >= start, runs.c.finished_at < end, runs.c.is_dry_run.is_(False)


def _counted(db: Connection, where: tuple[ColumnElement[bool], ...], *by: ColumnElement[Any]) -> Any:
    return db.execute(select(*by, func.count().label("count")).where(*where).group_by(*by))
