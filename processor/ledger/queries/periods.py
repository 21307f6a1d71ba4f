"""Sum up a closed stretch of time, such as a day: exact, by when the runs ended; dry runs are left out.

The one definition of every number of the daily and weekly reports, on dashboards as well as on paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from processor.ledger.counted import IS_COUNTED
from processor.ledger.schema import phases, runs, usage
from processor.ledger.worked import PHASE_SECONDS, RUN_SECONDS
from processor.model import FAILED_OUTCOMES, FAST_BELOW_SECONDS, PROCESSED_OUTCOMES, SLOW_ABOVE_SECONDS, Band

_BANDS: Final[Mapping[Band, ColumnElement[bool]]] = {
    Band.FAST: RUN_SECONDS < FAST_BELOW_SECONDS,
    Band.MEDIUM: and_(RUN_SECONDS >= FAST_BELOW_SECONDS, RUN_SECONDS <= SLOW_ABOVE_SECONDS),
    Band.SLOW: RUN_SECONDS > SLOW_ABOVE_SECONDS,
}
#: Numbers that need one look at the runs: the three of the time of work, and how many are in each band.
_OF_WORK: Final = (
    func.coalesce(func.sum(RUN_SECONDS), 0.0),
    func.avg(RUN_SECONDS),
    func.max(RUN_SECONDS),
    *(func.coalesce(func.sum(case((is_in, 1), else_=0)), 0) for is_in in _BANDS.values()),
)


@dataclass(frozen=True, kw_only=True)
class PeriodSummary:
    """The runs that ended in a period. Keys that did not occur are left out; times of work are of processed runs."""

    runs: Mapping[tuple[str, str], int]  #: by priority and outcome
    errors: Mapping[str, int]  #: by error type
    bands: Mapping[Band, int]  #: by how long the work took; every band is there
    phase_seconds: Mapping[str, float]  #: time of each phase, attempts that failed included
    work_seconds: float  #: of all of them together
    mean_seconds: float | None  #: of work; None without runs
    longest_seconds: float | None
    cost_dollars: float | None  #: what agents reported, for cancelled runs too; None when none reported anything


#: The summary of a period in which no run ended.
NOTHING: Final = PeriodSummary(
    runs={},
    errors={},
    bands=dict.fromkeys(Band, 0),
    phase_seconds={},
    work_seconds=0.0,
    mean_seconds=None,
    longest_seconds=None,
    cost_dollars=None,
)


def period_summary(db: Connection, start: float, end: float) -> PeriodSummary:
    """Sum up the runs that ended at or after `start` and before `end` (seconds of the epoch)."""
    ended = ended_between(start, end)
    processed = processed_between(start, end)
    failed = (*ended, runs.c.outcome.in_(FAILED_OUTCOMES), runs.c.error_type.is_not(None))
    seconds, mean, longest, *in_bands = db.execute(select(*_OF_WORK).where(*processed)).one()
    return PeriodSummary(
        runs={(row.priority, row.outcome): row.count for row in _counted(db, ended, runs.c.priority, runs.c.outcome)},
        errors={row.error_type: row.count for row in _counted(db, failed, runs.c.error_type)},
        bands=dict(zip(_BANDS, in_bands, strict=True)),
        phase_seconds=_phase_seconds(db, processed),
        work_seconds=seconds,
        mean_seconds=mean,
        longest_seconds=longest,
        cost_dollars=_cost_dollars(db, ended),
    )


def outcomes_between(db: Connection, start: float, end: float) -> dict[str, int]:
    """Count the outcomes of the runs that ended at or after `start` and before `end`."""
    return {row.outcome: row.count for row in _counted(db, ended_between(start, end), runs.c.outcome)}


def ended_between(start: float, end: float) -> tuple[ColumnElement[bool], ...]:
    """Give the condition that a run belongs to a period."""
    return runs.c.finished_at >= start, runs.c.finished_at < end, IS_COUNTED


def processed_between(start: float, end: float) -> tuple[ColumnElement[bool], ...]:
    """Give the condition that a run belongs to a period and was not cancelled."""
    return (*ended_between(start, end), runs.c.outcome.in_(PROCESSED_OUTCOMES))


def _counted(db: Connection, where: tuple[ColumnElement[bool], ...], *by: ColumnElement[Any]) -> Any:
    return db.execute(select(*by, func.count().label("count")).where(*where).group_by(*by))


def _phase_seconds(db: Connection, where: tuple[ColumnElement[bool], ...]) -> dict[str, float]:
    of_the_runs = phases.join(runs, runs.c.run_id == phases.c.run_id)
    took = func.sum(PHASE_SECONDS).label("seconds")
    wanted = select(phases.c.phase, took).select_from(of_the_runs).where(*where, phases.c.ended_at.is_not(None))
    return {row.phase: row.seconds for row in db.execute(wanted.group_by(phases.c.phase))}


def _cost_dollars(db: Connection, where: tuple[ColumnElement[bool], ...]) -> float | None:
    of_the_runs = usage.join(runs, runs.c.run_id == usage.c.run_id)
    spent: float | None = db.execute(
        select(func.sum(usage.c.cost_dollars)).select_from(of_the_runs).where(*where)
    ).scalar()
    return spent
