"""Run one phase of one attempt, record how it ended, and say what comes next. The engine calls nothing else.

What a step returns is kept by the engine and read back after a crash, so it is made of plain numbers and words.
"""

import threading
from typing import Literal, TypedDict

from processor import logs
from processor.errors import ErrorType, GitHubRateLimited, ProcessorError, RunCancelled
from processor.ledger import progress, runs
from processor.ledger.connection import DatabaseAway
from processor.ledger.records import RunRecord
from processor.model import Outcome, Phase
from processor.pipeline.agent_run import run_agent
from processor.pipeline.context import Context
from processor.pipeline.gate_run import run_gate
from processor.pipeline.prepare import prepare
from processor.pipeline.publish import publish
from processor.pipeline.retry import RetryDecision, decide_retry

_LOG = logs.get_logger("pipeline")


#: After so many crashes of a service in one phase the run is taken for their cause.
_MOST_INTERRUPTIONS = 5


class PhaseEnd(TypedDict):
    """How a phase ended.

    `result` is `ok`, `retry`, or `end`; then `outcome`, `error_type` and `error_message` say how the run ends.
    `retry_at` is seconds since the epoch.
    """

    result: Literal["ok", "retry", "end"]
    retry_at: float
    outcome: str
    error_type: str
    error_message: str


_OK: PhaseEnd = {"result": "ok", "retry_at": 0.0, "outcome": "", "error_type": "", "error_message": ""}


def begin(context: Context, run_id: str) -> bool:
    """Record that work on a run starts; False when there is nothing to do for it."""
    run = context.load(run_id)
    if run.outcome is not None:
        return False
    with context.ledger.write() as db:
        runs.start(db, run_id, context.instance, context.clock())
    _LOG.info(logs.RUN_STARTED, run_id=run_id, repository=run.ref.repository, issue=run.ref.number)
    return True


def run_phase(context: Context, run_id: str, attempt: int, phase: Phase) -> PhaseEnd:
    """Run a phase; its errors become a recorded result here, and nowhere else."""
    run = context.load(run_id)
    if run.outcome is not None:
        return {**_OK, "result": "end", "outcome": run.outcome}
    with context.ledger.write() as db:
        progress.start_attempt(db, run_id, attempt, context.clock())
        interruptions = progress.start_phase(db, run_id, attempt, phase, context.clock())
    if interruptions > _MOST_INTERRUPTIONS:
        return _failed(context, run, attempt, phase, _taken_for_the_cause(phase, interruptions))
    with logs.bound(run_id=run_id, repository=run.ref.repository, issue=run.ref.number, phase=str(phase)):
        try:
            rejection = _work(context, run_id, attempt, phase)
        except DatabaseAway:
            raise  # nothing can be recorded now; the engine does the whole phase again
        except Exception as exc:  # noqa: BLE001  # the one place where whatever ends a phase becomes a record
            _park_if_stopping(context)
            return _failed(context, run, attempt, phase, exc)
    _park_if_stopping(context)
    return _ended_well(context, run, attempt, phase, rejection)


def _taken_for_the_cause(phase: Phase, interruptions: int) -> ProcessorError:
    return ProcessorError(
        f"the service died {interruptions} times in phase {phase} of this run, which is taken for the cause; "
        "see the log of the service and of the system, then `aip queue retry`"
    )


def _work(context: Context, run_id: str, attempt: int, phase: Phase) -> str | None:
    """Do the phase's work; a text is the gate's reason to reject."""
    match phase:
        case Phase.PREPARE:
            prepare(context, run_id)
        case Phase.AGENT:
            run_agent(context, run_id, attempt)
        case Phase.GATE:
            report = run_gate(context, run_id)
            if not report.passed:
                return "; ".join(report.reasons)
        case Phase.PUBLISH:
            publish(context, run_id)
    return None


def _park_if_stopping(context: Context) -> None:
    # The service is leaving and has ended our programs: what that looks like is no result. The process exits under us
    # and the next start does this phase again.
    if context.stopping():
        threading.Event().wait()


def _ended_well(context: Context, run: RunRecord, attempt: int, phase: Phase, rejection: str | None) -> PhaseEnd:
    result = "ok" if rejection is None else "rejected"
    is_last = rejection is not None or phase is Phase.PUBLISH or (run.is_dry_run and phase is Phase.GATE)
    now = context.clock()
    with context.ledger.write() as db:
        progress.end_phase(db, run.run_id, phase, result, now, attempt=attempt, is_counted=not run.is_dry_run)
        if is_last:
            progress.end_attempt(db, run.run_id, attempt, now)
    if rejection is not None:
        _LOG.info(logs.GATE_REJECTED, run_id=run.run_id, reason=rejection)
        return {**_OK, "result": "end", "outcome": Outcome.REJECTED, "error_message": rejection}
    if is_last:
        return {**_OK, "result": "end", "outcome": Outcome.SUCCESS}
    return _OK


def _failed(context: Context, run: RunRecord, attempt: int, phase: Phase, exc: Exception) -> PhaseEnd:
    error_type = exc.error_type if isinstance(exc, ProcessorError) else ErrorType.OTHER
    message = str(exc) if isinstance(exc, ProcessorError) else f"{type(exc).__name__}: {exc}"
    if isinstance(exc, RunCancelled):
        _close(context, run, attempt, phase, (error_type, message), None)
        return {**_OK, "result": "end", "outcome": Outcome.CANCELLED, "error_message": message}
    if not isinstance(exc, ProcessorError):
        _LOG.error(logs.PHASE_CRASHED, run_id=run.run_id, phase=str(phase), exc_info=exc)
    decision = _retry_decision(context, run, exc, error_type)
    _close(context, run, attempt, phase, (error_type, message), decision)
    if decision is not None:
        retry_at = context.clock() + decision.delay_seconds
        return {**_OK, "result": "retry", "retry_at": retry_at, "error_type": error_type, "error_message": message}
    return {
        **_OK,
        "result": "end",
        "outcome": outcome_of(error_type),
        "error_type": error_type,
        "error_message": message,
    }


def outcome_of(error_type: ErrorType) -> Outcome:
    """Tell how a run ends whose last try failed so."""
    timeouts = {ErrorType.AGENT_TIMEOUT, ErrorType.RUN_DEADLINE}
    return Outcome.TIMEOUT if error_type in timeouts else Outcome.ERROR


def _retry_decision(context: Context, run: RunRecord, exc: Exception, error_type: ErrorType) -> RetryDecision | None:
    engine = context.settings.main.engine
    now = context.clock()
    with context.ledger.read() as db:
        tries = progress.count_failures(db, run.run_id, error_type) + 1
    started_at = context.load(run.run_id).started_at or now
    wait = exc.retry_at.timestamp() - now if isinstance(exc, GitHubRateLimited) else 0.0
    return decide_retry(
        error_type,
        tries,
        engine.retries,
        seconds_left=started_at + engine.run_deadline_seconds - now,
        wait_at_least_seconds=wait,
    )


def _close(
    context: Context,
    run: RunRecord,
    attempt: int,
    phase: Phase,
    error: tuple[ErrorType, str],
    decision: RetryDecision | None,
) -> None:
    error_type, message = error
    now = context.clock()
    is_counted = not run.is_dry_run
    delay = None if decision is None else decision.delay_seconds
    with context.ledger.write() as db:
        progress.end_phase(db, run.run_id, phase, error_type, now, attempt=attempt, is_counted=is_counted)
        progress.end_attempt(
            db,
            run.run_id,
            attempt,
            now,
            phase=phase,
            error_type=error_type,
            error_message=message,
            retry_after_seconds=delay,
            is_counted=is_counted,
        )
    if delay is not None:
        _LOG.warning(
            logs.ATTEMPT_RETRY_SCHEDULED,
            run_id=run.run_id,
            attempt=attempt,
            error_type=str(error_type),
            delay_seconds=round(delay, 1),
            message=message,
        )


def wait_until(context: Context, run_id: str, at: float) -> None:
    """Wait for the time of the next try; a cancel or the end of the service cuts it short."""
    should_stop = context.stop_watch(run_id)
    pause = threading.Event()
    while context.clock() < at and not should_stop():
        pause.wait(min(0.2, max(0.0, at - context.clock())))
    _park_if_stopping(context)
