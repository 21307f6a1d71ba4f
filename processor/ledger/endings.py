"""Write the one outcome of a run, and every total that follows from it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, update

from processor.ledger import families, totals
from processor.ledger.records import RunRecord
from processor.ledger.runs import get as get_run
from processor.ledger.schema import issues, runs
from processor.model import FAILED_OUTCOMES, PROCESSED_OUTCOMES, Outcome, Phase, RunState


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a run ended. `error_type` and `error_message` are None for success and rejection."""

    outcome: Outcome
    error_type: str | None = None
    error_message: str | None = None
    phase: Phase | None = None
    is_dead_letter: bool = False


def finish(db: Connection, run_id: str, ending: Ending, now: float) -> bool:
    """Record the outcome and every total that follows from it, once; False when it was recorded before.

    An operator's word that the issue may be processed once more is used up by it.
    """
    is_first = _end(db, run_id, ending, now, runs.c.state != RunState.FINISHED)
    if is_first:
        ref = get_run(db, run_id).ref
        db.execute(
            update(issues)
            .where(issues.c.repository == ref.repository, issues.c.number == ref.number)
            .values(retry_requested=None)
        )
    return is_first


def withdraw(db: Connection, run_id: str, reason: str, now: float) -> bool:
    """End a run that still waits in the queue, as cancelled by nobody; False when it was released meanwhile.

    An operator's word stays, for the run that comes when the issue is eligible again.
    """
    ending = Ending(outcome=Outcome.CANCELLED, error_message=reason)
    return _end(db, run_id, ending, now, runs.c.state == RunState.QUEUED)


def _end(db: Connection, run_id: str, ending: Ending, now: float, condition: ColumnElement[bool]) -> bool:
    changed = db.execute(
        update(runs)
        .where(runs.c.run_id == run_id, condition)
        .values(
            state=RunState.FINISHED,
            outcome=ending.outcome,
            error_type=ending.error_type,
            error_message=ending.error_message,
            is_dead_letter=ending.is_dead_letter,
            finished_at=now,
        )
    )
    if changed.rowcount == 0:
        return False
    run = get_run(db, run_id)
    if run.is_counted:
        _count_outcome(db, run, ending, now)
    return True


def _count_outcome(db: Connection, run: RunRecord, ending: Ending, now: float) -> None:
    exemplar = totals.Exemplar(run.run_id, now)
    labels = {"repository": run.ref.repository, "priority": run.priority, "outcome": ending.outcome}
    totals.add(db, families.RUNS, labels)
    if ending.error_type is not None and ending.outcome in FAILED_OUTCOMES:
        totals.add(db, families.ERRORS, {"phase": ending.phase or Phase.PREPARE, "error_type": ending.error_type})
    if ending.outcome in PROCESSED_OUTCOMES:
        started = run.started_at if run.started_at is not None else now
        totals.observe(db, families.RUN_DURATION, {"outcome": ending.outcome}, max(0.0, now - started), exemplar)
        latency = max(0.0, now - run.discovered_at)
        totals.observe(db, families.ISSUE_LATENCY, {"priority": run.priority}, latency, exemplar)
