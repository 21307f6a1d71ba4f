"""Record how a phase of an attempt ended, and decide what comes next."""

from dataclasses import dataclass
from typing import Literal, TypedDict

from processor import logs
from processor.errors import ErrorType, GitHubRateLimited, ProcessorError, RunCancelled
from processor.ledger import progress
from processor.ledger.records import RunRecord
from processor.model import Outcome, Phase
from processor.pipeline.context import Context
from processor.pipeline.retry import RetryDecision, decide_retry

_LOG = logs.get_logger("pipeline")


class PhaseEnd(TypedDict):
    """How a phase ended, as the engine keeps it: plain words and numbers.

    `result` is `ok`, `retry`, or `end`; then `outcome`, `error_type` and `error_message` say how the run ends.
    `retry_at` is seconds since the epoch.
    """

    result: Literal["ok", "retry", "end"]
    retry_at: float
    outcome: str
    error_type: str
    error_message: str


OK: PhaseEnd = {"result": "ok", "retry_at": 0.0, "outcome": "", "error_type": "", "error_message": ""}


@dataclass(frozen=True)
class Try:
    """One phase of one attempt of one run."""

    context: Context
    run: RunRecord
    attempt: int
    phase: Phase

    @property
    def is_counted(self) -> bool:
        """A dry run and a run of the canary move no total."""
        return self.run.is_counted

    @property
    def is_last(self) -> bool:
        """Whether nothing comes after it when it ends well."""
        return self.phase is Phase.PUBLISH or (self.run.is_dry_run and self.phase is Phase.GATE)


@dataclass(frozen=True)
class _Problem:
    """What went wrong, and whether and when it is tried again."""

    error_type: ErrorType
    message: str
    retry: RetryDecision | None = None


def ended_well(here: Try, rejection: str | None) -> PhaseEnd:
    """Record a phase that did its work; `rejection` is the gate's reason, None when it let the change pass."""
    result = "ok" if rejection is None else "rejected"
    now = here.context.clock()
    with here.context.ledger.write() as db:
        progress.end_phase(
            db, here.run.run_id, here.phase, result, now, attempt=here.attempt, is_counted=here.is_counted
        )
        if here.is_last or rejection is not None:
            progress.end_attempt(db, here.run.run_id, here.attempt, now)
    if rejection is not None:
        _LOG.info(logs.GATE_REJECTED, run_id=here.run.run_id, reason=rejection)
    return well(here, rejection)


def well(here: Try, rejection: str | None) -> PhaseEnd:
    """Say what follows a phase that did its work."""
    if rejection is not None:
        return {**OK, "result": "end", "outcome": Outcome.REJECTED, "error_message": rejection}
    return {**OK, "result": "end", "outcome": Outcome.SUCCESS} if here.is_last else OK


def failed(here: Try, exc: Exception) -> PhaseEnd:
    """Record a phase that failed: cancelled, tried again, or the end of the run."""
    if isinstance(exc, RunCancelled):
        # Whatever noticed it first, an operator wants to read who said so.
        by = here.context.load(here.run.run_id).cancel_requested_by
        message = cancelled_by(by) if by else str(exc)
        _close(here, _Problem(exc.error_type, message))
        return cancelled(message)
    problem = _problem(here, exc)
    _close(here, problem)
    retry_at = here.context.clock() + problem.retry.delay_seconds if problem.retry is not None else None
    return badly(problem.error_type, problem.message, retry_at)


def badly(error_type: ErrorType, message: str, retry_at: float | None) -> PhaseEnd:
    """Say what follows a phase that failed; without a time for the next try it is the end."""
    told: PhaseEnd = {**OK, "error_type": error_type, "error_message": message}
    if retry_at is not None:
        return {**told, "result": "retry", "retry_at": retry_at}
    return {**told, "result": "end", "outcome": outcome_of(error_type)}


def cancelled(message: str) -> PhaseEnd:
    """Say what follows a phase that was stopped because somebody wanted the run to end."""
    return {**OK, "result": "end", "outcome": Outcome.CANCELLED, "error_message": message}


def cancelled_by(name: str) -> str:
    """Say who wanted it."""
    return f"cancelled by {name}"


def outcome_of(error_type: ErrorType) -> Outcome:
    """Tell how a run ends whose last try failed so."""
    timeouts = {ErrorType.AGENT_TIMEOUT, ErrorType.RUN_DEADLINE}
    return Outcome.TIMEOUT if error_type in timeouts else Outcome.ERROR


def _problem(here: Try, exc: Exception) -> _Problem:
    if isinstance(exc, ProcessorError):
        return _Problem(exc.error_type, str(exc), _retry_decision(here, exc))
    _LOG.error(logs.PHASE_CRASHED, run_id=here.run.run_id, phase=str(here.phase), exc_info=exc)
    return _Problem(ErrorType.OTHER, f"{type(exc).__name__}: {exc}", _retry_decision(here, ProcessorError()))


def _retry_decision(here: Try, exc: ProcessorError) -> RetryDecision | None:
    engine = here.context.settings.main.engine
    now = here.context.clock()
    with here.context.ledger.read() as db:
        tries = progress.count_failures(db, here.run.run_id, exc.error_type) + 1
    started_at = here.run.started_at or now
    return decide_retry(
        exc.error_type,
        tries,
        engine.retries,
        seconds_left=started_at + engine.run_deadline_seconds - now,
        is_final=exc.is_final,
        wait_at_least_seconds=exc.retry_at.timestamp() - now if isinstance(exc, GitHubRateLimited) else 0.0,
    )


def _close(here: Try, problem: _Problem) -> None:
    run_id, now = here.run.run_id, here.context.clock()
    delay = problem.retry.delay_seconds if problem.retry else None
    with here.context.ledger.write() as db:
        progress.end_phase(
            db, run_id, here.phase, problem.error_type, now, attempt=here.attempt, is_counted=here.is_counted
        )
        progress.end_attempt(
            db,
            run_id,
            here.attempt,
            now,
            phase=here.phase,
            error_type=problem.error_type,
            error_message=problem.message,
            retry_after_seconds=delay,
            is_counted=here.is_counted,
        )
    if delay is not None:
        here.context.journal.retry_scheduled(
            here.run, problem.error_type, attempt=here.attempt, delay_seconds=round(delay, 1)
        )
        _LOG.warning(
            logs.ATTEMPT_RETRY_SCHEDULED,
            run_id=run_id,
            attempt=here.attempt,
            error_type=str(problem.error_type),
            delay_seconds=round(delay, 1),
            message=problem.message,
        )
