"""One run as a durable workflow: every phase is a step whose result is kept, so a restart goes on where it stopped.

The order and the names of the steps belong to `VERSION`: change them only together, after a drain, or jobs in flight
stay where they are for ever.
"""

from collections.abc import Callable

from dbos import DBOS

from processor.model import Phase
from processor.pipeline import finish, steps
from processor.pipeline.context import Context
from processor.pipeline.steps import PhaseEnd

VERSION = "pipeline-1"
#: After so many restarts in mid-run the run itself is taken for the cause.
_MAX_RECOVERY_ATTEMPTS = 20

Workflow = Callable[[str], None]


def build_workflow(context: Context) -> Workflow:
    """Register the workflow and its steps with DBOS, bound to one context; once a process."""
    step = DBOS.step

    @step(name="begin", retries_allowed=True)
    def begin(run_id: str) -> bool:
        return steps.begin(context, run_id)

    @step(name="phase", retries_allowed=True)
    def phase(run_id: str, attempt: int, name: str) -> PhaseEnd:
        return steps.run_phase(context, run_id, attempt, Phase(name))

    @step(name="wait", retries_allowed=True)
    def wait(run_id: str, at: float) -> None:
        steps.wait_until(context, run_id, at)

    @step(name="finish", retries_allowed=True)
    def end(run_id: str, ended: PhaseEnd) -> bool:
        return finish.finish(context, run_id, ended["outcome"], ended["error_type"], ended["error_message"])

    @step(name="announce", retries_allowed=True)
    def announce(run_id: str) -> None:
        finish.announce(context, run_id)

    @step(name="clean_up", retries_allowed=True)
    def clean_up(run_id: str) -> None:
        finish.clean_up(context, run_id)

    @DBOS.workflow(name="process_issue", max_recovery_attempts=_MAX_RECOVERY_ATTEMPTS)
    def process_issue(run_id: str) -> None:
        if begin(run_id):
            end(run_id, _drive(run_id, phase, wait))
            announce(run_id)
        clean_up(run_id)

    return process_issue


def _drive(run_id: str, phase: Callable[[str, int, str], PhaseEnd], wait: Callable[[str, float], None]) -> PhaseEnd:
    """Go through the phases; a failed one is tried again after its wait, as a new attempt."""
    attempt = 1
    names = [str(name) for name in Phase]
    position = 0
    while True:
        ended = phase(run_id, attempt, names[position])
        if ended["result"] == "end":
            return ended
        if ended["result"] == "retry":
            wait(run_id, ended["retry_at"])
            attempt += 1
        else:
            position += 1
