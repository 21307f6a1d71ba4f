"""Release queued runs to this service, in the ledger's order, as its places, capacity and caps allow."""

from collections.abc import Iterable

from sqlalchemy import Connection

from processor.engine.adopt import holder
from processor.engine.release import choose_releases, starts_in_pause
from processor.engine.room import room_of
from processor.intake.capacity import Capacity
from processor.ledger import operators, queries, runs
from processor.ledger.records import RunRecord
from processor.pipeline.context import Context

_BACKLOG_WINDOW = 500


def active_runs(context: Context) -> tuple[RunRecord, ...]:
    """Read the runs that this service executes."""
    with context.ledger.read() as db:
        return _active(db, context.instance)


def release_runs(context: Context, parallelism: int, capacity: Capacity, only: str | None) -> tuple[str, ...]:
    """Mark the runs that may start as ours and return their ids, first one first.

    All is decided in one transaction that holds the write lock, so several services together never pass a cap, and a
    pause holds from the moment it is set, for all but what is forced after it.

    Args:
        only: the one run that may be released, pause or not; None for all.
    """
    with context.ledger.read() as db:
        if not _candidates(db, only) or len(_active(db, context.instance)) >= parallelism:
            return ()
    with context.ledger.write() as db:
        backlog = _candidates(db, only)
        caps, now = context.settings.main.publish, context.clock()
        chosen = choose_releases(
            backlog,
            slots=parallelism - len(_active(db, context.instance)),
            capacity=capacity,
            rooms={name: room_of(db, name, caps, now) for name in _repositories(backlog)},
        )
        return tuple(run.run_id for run in chosen if runs.release(db, run.run_id, context.instance, now))


def _candidates(db: Connection, only: str | None) -> tuple[RunRecord, ...]:
    if only is not None:
        return tuple(run for run in queries.backlog(db) if run.run_id == only)
    paused = operators.get_control(db, operators.PAUSED)
    if paused is None:
        return queries.backlog(db, _BACKLOG_WINDOW)
    return tuple(run for run in queries.forced_backlog(db) if starts_in_pause(run, paused.set_at))


def _active(db: Connection, instance: str) -> tuple[RunRecord, ...]:
    return tuple(run for run in queries.active_runs(db) if holder(run) == instance)


def _repositories(backlog: Iterable[RunRecord]) -> set[str]:
    return {run.ref.repository for run in backlog}
