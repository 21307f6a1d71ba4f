"""One run as a durable workflow: every phase is a step whose result is kept, so a restart goes on where it stopped.

The order and the names of the steps belong to `VERSION`: change them only together. A job of another version begins
anew at the next start.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from processor.engine.dbos_library import DBOS
from processor.model import Phase
from processor.pipeline import announcement, finish, steps
from processor.pipeline.context import Context
from processor.pipeline.holding import while_ours
from processor.pipeline.phase_end import PhaseEnd

VERSION = "pipeline-1"
#: After so many restarts of one host in mid-run the run itself is taken for the cause, wherever it was.
_MAX_RECOVERY_ATTEMPTS = 20
#: A step fails only where the database does (its own errors are results), and is done again for a quarter of an hour.
_TRIES = 10

_P = ParamSpec("_P")
_R = TypeVar("_R")
Workflow = Callable[[str], None]


class InHand:
    """The runs that this process works on at this moment, known without any database."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._waiting: set[str] = set()
        self._guard = threading.Condition()

    def run_ids(self) -> frozenset[str]:
        """Name them."""
        with self._guard:
            return frozenset(self._held)

    def is_busy(self) -> bool:
        """Tell whether any of them does more than wait for its next try."""
        with self._guard:
            return bool(self._held - self._waiting)

    def wait_until_done(self, run_id: str, seconds: float) -> bool:
        """Wait until all is done for one, what comes after its outcome included; False when it takes longer."""
        with self._guard:
            return self._guard.wait_for(lambda: run_id not in self._held, seconds)

    def holding(self, run_id: str) -> AbstractContextManager[None]:
        """Work on one."""
        return self._marked(self._held, run_id)

    def waiting(self, run_id: str) -> AbstractContextManager[None]:
        """Wait for the next try of one."""
        return self._marked(self._waiting, run_id)

    @contextmanager
    def _marked(self, marked: set[str], run_id: str) -> Iterator[None]:
        with self._guard:
            marked.add(run_id)
        try:
            yield
        finally:
            with self._guard:
                marked.discard(run_id)
                self._guard.notify_all()


@dataclass(frozen=True)
class _Steps:
    """The steps as DBOS knows them."""

    begin: Callable[[str], bool]
    phase: Callable[[str, int, str], PhaseEnd]
    wait: Callable[[str, float], None]
    end: Callable[[str, PhaseEnd], bool]
    announce: Callable[[str], None]
    clean_up: Callable[[str], None]


def build_workflow(context: Context, in_hand: InHand) -> Workflow:
    """Register the workflow and its steps with DBOS, bound to one context; once a process."""
    steps = _register_steps(context, in_hand)

    @DBOS.workflow(name="process_issue", max_recovery_attempts=_MAX_RECOVERY_ATTEMPTS)
    def process_issue(run_id: str) -> None:
        with in_hand.holding(run_id):
            if steps.begin(run_id):
                steps.end(run_id, _drive(run_id, steps.phase, steps.wait))
                steps.announce(run_id)
            steps.clean_up(run_id)

    return process_issue


def _register_steps(context: Context, in_hand: InHand) -> _Steps:
    @_step("begin")
    def begin(run_id: str) -> bool:
        return while_ours(context, run_id, lambda mine: steps.begin(mine, run_id))

    @_step("phase")
    def phase(run_id: str, attempt: int, name: str) -> PhaseEnd:
        return while_ours(context, run_id, lambda mine: steps.run_phase(mine, run_id, attempt, Phase(name)))

    @_step("wait")
    def wait(run_id: str, at: float) -> None:
        with in_hand.waiting(run_id):
            steps.wait_until(context, run_id, at)

    @_step("finish")
    def end(run_id: str, ended: PhaseEnd) -> bool:
        outcome, error_type, message = ended["outcome"], ended["error_type"], ended["error_message"]
        return while_ours(context, run_id, lambda mine: finish.finish(mine, run_id, outcome, error_type, message))

    @_step("announce")
    def announce(run_id: str) -> None:
        announcement.announce(context, run_id)

    @_step("clean_up")
    def clean_up(run_id: str) -> None:
        finish.clean_up(context, run_id)

    return _Steps(begin, phase, wait, end, announce, clean_up)


def _step(name: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    return DBOS.step(name=name, retries_allowed=True, max_attempts=_TRIES)


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
