"""Cancel a run: one that waits ends at once, one that works is asked to stop."""

from dataclasses import dataclass

from sqlalchemy import Connection

from processor.errors import ProcessorError
from processor.ledger import endings, operators, runs
from processor.ledger.connection import Ledger
from processor.ledger.operators import Act
from processor.ledger.records import RunRecord
from processor.model import Outcome, RunState


class NothingToCancel(ProcessorError):
    """The run has ended already."""


@dataclass(frozen=True)
class Cancelled:
    """What became of the wish: `has_ended` False means that a service is asked and ends the run soon."""

    run_id: str
    has_ended: bool


def cancel(ledger: Ledger, run_id: str, act: Act, now: float) -> Cancelled:
    """Cancel a run and record who did; what somebody else has asked for already is no second act.

    Raises:
        NothingToCancel: the run has ended.
    """
    with ledger.write() as db:
        run = runs.get(db, run_id)
        if run.state is RunState.FINISHED:
            raise NothingToCancel(f"run {run_id} of {run.ref} has ended already: {run.outcome}")
        if run.cancel_requested_at is None:
            operators.record(db, act, now)
            runs.request_cancel(db, run_id, act.actor, now)
        if run.state is RunState.QUEUED:
            _end(db, run, act, now)
    return Cancelled(run_id, has_ended=run.state is RunState.QUEUED)


def _end(db: Connection, run: RunRecord, act: Act, now: float) -> None:
    ending = endings.Ending(outcome=Outcome.CANCELLED, error_message=f"cancelled by {act.actor}")
    endings.finish(db, run.run_id, ending, now)
