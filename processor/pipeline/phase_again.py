"""Tell again how a phase ended that the ledger has and the engine has not, because a kill came between the two."""

from processor.errors import ErrorType
from processor.gate import report_from_json
from processor.ledger import queries
from processor.ledger.queries import AttemptRecord, PhaseRecord
from processor.pipeline.phase_end import PhaseEnd, Try, badly, cancelled, cancelled_by, well


def ended_before(here: Try) -> PhaseEnd | None:
    """Give the end of this phase of this attempt as it was recorded; None when it has not ended.

    What ended is not done again: an agent would be paid twice, and what it makes the second time be another change.
    """
    with here.context.ledger.read() as db:
        phases = queries.phases_of_run(db, here.run.run_id)
        attempts = queries.attempts_of_run(db, here.run.run_id)
        report = queries.gate_report_json(db, here.run.run_id)
    phase = next((one for one in phases if (one.attempt, one.phase) == (here.attempt, here.phase)), None)
    attempt = next((one for one in attempts if one.number == here.attempt), None)
    if phase is None or phase.ended_at is None or attempt is None:
        return None
    if phase.result == "rejected":
        return None if report is None else well(here, report_from_json(report).rejection)
    return well(here, None) if phase.result == "ok" else _failed_before(here, phase, attempt)


def _failed_before(here: Try, phase: PhaseRecord, attempt: AttemptRecord) -> PhaseEnd:
    message, wait = attempt.error_message or "", attempt.retry_after_seconds
    by = here.run.cancel_requested_by
    if by is not None and message == cancelled_by(by):
        return cancelled(message)
    retry_at = None if wait is None or attempt.ended_at is None else attempt.ended_at + wait
    return badly(ErrorType(phase.result or ErrorType.OTHER), message, retry_at)
