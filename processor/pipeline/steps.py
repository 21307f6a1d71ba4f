"""Run one phase of one attempt; its errors become a record here and nowhere else. The engine calls nothing but this."""

import threading

from processor import logs
from processor.errors import DatabaseAway, ProcessorError
from processor.ledger import progress, runs
from processor.model import Phase
from processor.pipeline.agent_run import run_agent
from processor.pipeline.context import Context
from processor.pipeline.gate_run import run_gate
from processor.pipeline.holding import wait_for_the_end
from processor.pipeline.phase_again import ended_before
from processor.pipeline.phase_end import OK, PhaseEnd, Try, ended_well, failed
from processor.pipeline.prepare import prepare
from processor.pipeline.publish import publish

_LOG = logs.get_logger("pipeline")
#: After so many crashes of a service in one phase the run is taken for their cause.
_MOST_INTERRUPTIONS = 5


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
    """Do the work of a phase, record how it ended, and say what comes next."""
    run = context.load(run_id)
    if run.outcome is not None:
        return {**OK, "result": "end", "outcome": run.outcome}
    here = Try(context, run, attempt, phase)
    if (told := ended_before(here)) is not None:
        return told
    interruptions = _start(here)
    if interruptions > _MOST_INTERRUPTIONS:
        return failed(here, _taken_for_the_cause(phase, interruptions))
    with logs.bound(run_id=run_id, repository=run.ref.repository, issue=run.ref.number, phase=str(phase)):
        try:
            rejection = _work(here)
        except DatabaseAway:
            raise  # nothing can be recorded now; the engine does the whole phase again
        except Exception as exc:  # noqa: BLE001  # the one place where whatever ends a phase becomes a record
            _park_if_stopping(context)
            return failed(here, exc)
    _park_if_stopping(context)
    return ended_well(here, rejection)


def wait_until(context: Context, run_id: str, at: float) -> None:
    """Wait for the time of the next try; a cancel or the end of the service cuts it short."""
    should_stop = context.stop_watch(run_id)
    pause = threading.Event()
    while context.clock() < at and not should_stop():
        pause.wait(min(0.2, max(0.0, at - context.clock())))
    _park_if_stopping(context)


def _start(here: Try) -> int:
    """Record that a phase begins, and return how often a crash cut it short; a service that is leaving begins none.

    What is begun is laid down as it leaves, under the same lock: what came after that would be taken for a crash.
    """
    context, run_id = here.context, here.run.run_id
    interruptions = 0
    with context.ledger.write() as db:
        is_leaving = context.stopping()
        if not is_leaving:
            progress.start_attempt(db, run_id, here.attempt, context.clock())
            interruptions = progress.start_phase(db, run_id, here.attempt, here.phase, context.clock())
    if is_leaving:
        wait_for_the_end()
    return interruptions


def _work(here: Try) -> str | None:
    """Do the phase's work; a text is the gate's reason to reject."""
    match here.phase:
        case Phase.PREPARE:
            prepare(here.context, here.run.run_id)
        case Phase.AGENT:
            run_agent(here.context, here.run.run_id, here.attempt)
        case Phase.GATE:
            return run_gate(here.context, here.run.run_id).rejection
        case Phase.PUBLISH:
            publish(here.context, here.run.run_id)
    return None


def _taken_for_the_cause(phase: Phase, interruptions: int) -> ProcessorError:
    return ProcessorError(
        f"the service died {interruptions} times in phase {phase} of this run, which is taken for the cause; "
        "see the log of the service and of the system, then `aip queue retry`"
    )


def _park_if_stopping(context: Context) -> None:
    # The service is leaving and has ended our programs: what that looks like is no result. The process exits under us
    # and the next start does this phase again.
    if context.stopping():
        wait_for_the_end()
