"""Read runs: the backlog, the active ones, the last ones, those of an issue."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, func, select

from processor.ledger.counted import IS_REAL
from processor.ledger.records import SELECT_RUNS, RunRecord
from processor.ledger.schema import runs
from processor.ledger.worked import RUN_SECONDS
from processor.model import IssueRef, Outcome, RunState

# Made once: an idle service asks these every second, and making one takes longer than its answer.
_ACTIVE = SELECT_RUNS.where(runs.c.state == RunState.RUNNING).order_by(runs.c.released_at, runs.c.run_id)
_BACKLOG = SELECT_RUNS.where(runs.c.state == RunState.QUEUED).order_by(
    runs.c.priority_rank, runs.c.issue_created_at, runs.c.issue, runs.c.repository
)
_FORCED = _BACKLOG.where(runs.c.is_forced)

_UNANNOUNCED = select(runs.c.run_id).where(
    runs.c.finished_at > bindparam("since"),
    runs.c.announced_at.is_(None),
    func.coalesce(runs.c.executed_by, runs.c.released_by) == bindparam("instance"),
)

_UNNOTICED = SELECT_RUNS.where(
    runs.c.finished_at > bindparam("since"), runs.c.announced_at.is_(None), runs.c.released_at.is_(None)
)


def unannounced_runs(db: Connection, instance: str, since: float) -> tuple[str, ...]:
    """Name the runs of a service that ended since then and that GitHub was not told of."""
    return tuple(db.execute(_UNANNOUNCED, {"since": since, "instance": instance}).scalars())


def unnoticed_runs(db: Connection, since: float) -> tuple[RunRecord, ...]:
    """Read the runs that ended since then while they waited, before any service had them, and of which none wrote."""
    return tuple(RunRecord.from_row(row) for row in db.execute(_UNNOTICED, {"since": since}))


def was_announced(db: Connection, run_id: str) -> bool:
    """Tell whether GitHub was told how a run ended."""
    return db.execute(select(runs.c.announced_at).where(runs.c.run_id == run_id)).scalar() is not None


def active_runs(db: Connection) -> tuple[RunRecord, ...]:
    """Read the runs that the engine holds, oldest start first."""
    rows = db.execute(_ACTIVE)
    return tuple(RunRecord.from_row(row) for row in rows)


def backlog(db: Connection, limit: int | None = None) -> tuple[RunRecord, ...]:
    """Read the queued runs in the order in which they will be taken: priority, then age of the issue."""
    wanted = _BACKLOG if limit is None else _BACKLOG.limit(limit)
    return tuple(RunRecord.from_row(row) for row in db.execute(wanted))


def forced_backlog(db: Connection) -> tuple[RunRecord, ...]:
    """Read those queued runs that an operator forced, in the same order."""
    return tuple(RunRecord.from_row(row) for row in db.execute(_FORCED))


def recent_runs(
    db: Connection, limit: int, *, offset: int = 0, outcomes: Collection[Outcome] = tuple(Outcome)
) -> tuple[RunRecord, ...]:
    """Read the runs that ended last, newest first.

    Args:
        offset: how many of the newest to leave out.
        outcomes: only runs that ended so.
    """
    wanted = (
        SELECT_RUNS.where(runs.c.state == RunState.FINISHED, runs.c.outcome.in_(outcomes))
        .order_by(runs.c.finished_at.desc(), runs.c.run_id)
        .limit(limit)
        .offset(offset)
    )
    return tuple(RunRecord.from_row(row) for row in db.execute(wanted))


def count_ended(db: Connection, outcomes: Collection[Outcome] = tuple(Outcome)) -> int:
    """Count the runs that ended so."""
    ended = (runs.c.state == RunState.FINISHED, runs.c.outcome.in_(outcomes))
    return db.execute(select(func.count()).select_from(runs).where(*ended)).scalar_one()


def runs_of_issue(db: Connection, ref: IssueRef) -> tuple[RunRecord, ...]:
    """Read every run of an issue, newest first; dry runs included."""
    rows = db.execute(
        SELECT_RUNS.where(runs.c.repository == ref.repository, runs.c.issue == ref.number).order_by(
            runs.c.queued_at.desc()
        )
    )
    return tuple(RunRecord.from_row(row) for row in rows)


def count_runs_of_issue(db: Connection, ref: IssueRef) -> int:
    """Count every run of an issue; dry runs included."""
    of_it = (runs.c.repository == ref.repository, runs.c.issue == ref.number)
    return db.execute(select(func.count()).select_from(runs).where(*of_it)).scalar_one()


def runs_by_prefix(db: Connection, prefix: str) -> tuple[RunRecord, ...]:
    """Read the runs whose id starts so, at most ten."""
    escaped = prefix.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    rows = db.execute(SELECT_RUNS.where(runs.c.run_id.like(f"{escaped}%", escape="\\")).limit(10))
    return tuple(RunRecord.from_row(row) for row in rows)


def gate_report_json(db: Connection, run_id: str) -> str | None:
    """Read the stored report of the gate; None when the gate was not reached."""
    text: str | None = db.execute(select(runs.c.gate_report).where(runs.c.run_id == run_id)).scalar()
    return text


def active_runs_in(db: Connection, repository: str) -> int:
    """Count the runs of a repository that the engine holds and that may yet open a pull request."""
    return db.execute(
        select(func.count())
        .select_from(runs)
        .where(runs.c.repository == repository, runs.c.state == RunState.RUNNING, runs.c.is_dry_run.is_(False))
    ).scalar_one()


def is_worked_on(db: Connection, repository: str) -> bool:
    """Tell whether a run of a repository waits or works."""
    unfinished = (runs.c.repository == repository, runs.c.state != RunState.FINISHED)
    return db.execute(select(runs.c.run_id).where(*unfinished).limit(1)).first() is not None


def mean_duration_seconds(db: Connection, repository: str | None = None, over: int = 50) -> float | None:
    """Tell the mean seconds of work of the last runs, of every repository when none is named; None without any."""
    ended = select(RUN_SECONDS.label("seconds")).where(
        runs.c.finished_at.is_not(None), runs.c.started_at.is_not(None), IS_REAL
    )
    if repository is not None:
        ended = ended.where(runs.c.repository == repository)
    last = ended.order_by(runs.c.finished_at.desc()).limit(over).subquery()
    return db.execute(select(func.avg(last.c.seconds))).scalar()
