"""Take the rounds of the canary from step to step.

One service works on a round at a time; what it knows of it stands in the ledger, and another one goes on from there.
"""

from dataclasses import dataclass, field
from typing import Protocol

from processor import logs
from processor.errors import ProcessorError
from processor.ledger import canary, queries
from processor.ledger.queries import CanaryRound
from processor.ledger.records import RunRecord
from processor.model import CanaryResult
from processor.operations.canary import steps
from processor.operations.canary.beginning import HELD_SECONDS, begin_if_due, is_due
from processor.operations.canary.deciding import Step, Verdict, is_passing, next_step
from processor.operations.canary.taking_back import clean
from processor.pipeline.context import Context

_TRY_AGAIN_SECONDS = 15.0
#: What cannot be taken back is asked for less and less often, and is then a stray that a later round closes.
_LONGEST_WAIT_SECONDS = 3600.0
_CLEANED_WITHIN_SECONDS = 24 * 3600.0
_LOG = logs.get_logger("canary")


class WakeIntake(Protocol):
    """Has GitHub asked for issues sooner than the clock would."""

    def __call__(self, *, is_new: bool) -> None:
        """Ask soon, at once for an issue that is new."""


@dataclass
class Canary:
    """The rounds that one service looks after.

    Intake finds the canary's issue as it finds any other; `wake_intake` spares it the wait for the next poll.
    """

    context: Context
    wake_intake: WakeIntake
    _not_before: dict[str, float] = field(default_factory=dict, init=False)
    _waits: dict[str, float] = field(default_factory=dict, init=False)

    def has_work(self) -> bool:
        """Tell whether a round is due or under way."""
        with self.context.ledger.read() as db:
            due = is_due(db, self.context.settings.main, self.context.clock())
        return due or bool(self._unfinished())

    def look(self) -> None:
        """Begin what is due, and do the next step of what is under way."""
        begin_if_due(self.context)
        for one in self._unfinished():
            if self.context.clock() < self._not_before.get(one.round_id, 0.0):
                continue
            if (held := self._hold(one)) is not None:
                self._advance(held)

    def is_waiting_for_intake(self) -> bool:
        """Tell whether there is an issue of a round that has no result yet."""
        return any(one.issue is not None and one.result is None for one in self._unfinished() if self._is_here(one))

    def note_poll_failed(self, exc: ProcessorError) -> None:
        """Keep why intake could not look for the issue."""
        for one in self._unfinished():
            if one.result is None and self._is_here(one):
                with self.context.ledger.write() as db:
                    canary.note_trouble(db, one.round_id, str(exc))

    def _unfinished(self) -> tuple[CanaryRound, ...]:
        since = self.context.clock() - _CLEANED_WITHIN_SECONDS
        with self.context.ledger.read() as db:
            return queries.canary_rounds_unfinished(db, since)

    def _is_here(self, one: CanaryRound) -> bool:
        """Tell whether a round is one of the sandbox; of one that was replaced what is there is taken back."""
        return one.repository.lower() == (self.context.settings.main.canary.repository or "").lower()

    def _hold(self, one: CanaryRound) -> CanaryRound | None:
        """Take a round, and give it as it is now: another service may have gone on with it since it was read."""
        with self.context.ledger.write() as db:
            is_ours = canary.hold(db, one.round_id, self.context.instance, self.context.clock(), HELD_SECONDS)
            now = queries.canary_round(db, one.round_id)
        return now if is_ours and now.cleaned_at is None else None

    def _advance(self, one: CanaryRound) -> None:
        here, now = self._is_here(one), self.context.clock()
        run, is_announced = self._newest_run(one)  # after the clock: what had not ended by now is late
        step = next_step(one, run, is_here=here, is_announced=is_announced, now=now)
        try:
            self._do(step, one, run)
        except ProcessorError as exc:
            self._wait(step, one)
            self._note(step, one, exc)

    def _newest_run(self, one: CanaryRound) -> tuple[RunRecord | None, bool]:
        if one.ref is None:
            return None, False
        with self.context.ledger.read() as db:
            runs = queries.runs_of_issue(db, one.ref)
            return (runs[0], queries.was_announced(db, runs[0].run_id)) if runs else (None, False)

    def _do(self, step: Step, one: CanaryRound, run: RunRecord | None) -> None:
        match step:
            case Step.MAKE_ISSUE:
                if steps.make_issue(self.context, one):
                    self.wake_intake(is_new=True)
            case Step.WAIT if one.result is None and run is None:
                self.wake_intake(is_new=False)
            case Step.LEAVE:
                steps.leave(self.context, one, run)
            case Step.VERIFY if run is not None:
                steps.verify(self.context, one, run)
            case Step.GIVE_UP:
                steps.give_up(self.context, one, run)
            case Step.CLEAN:
                beside = (other for other in self._unfinished() if other.repository == one.repository)
                clean(self.context, one, frozenset(other.issue for other in beside if other.issue is not None))
            case _:
                pass

    def _wait(self, step: Step, one: CanaryRound) -> None:
        wait = self._waits.get(one.round_id, _TRY_AGAIN_SECONDS)
        self._not_before[one.round_id] = self.context.clock() + wait
        if step is Step.CLEAN:
            self._waits[one.round_id] = min(2 * wait, _LONGEST_WAIT_SECONDS)

    def _note(self, step: Step, one: CanaryRound, exc: ProcessorError) -> None:
        """Keep what stands in the way; what another try cannot mend ends the round."""
        if step in {Step.MAKE_ISSUE, Step.VERIFY} and not is_passing(exc):
            steps.end(self.context, one, Verdict(CanaryResult.FAILED, str(exc)))
            return
        _LOG.warning(logs.CANARY_DELAYED, round_id=one.round_id, step=str(step), message=str(exc))
        with self.context.ledger.write() as db:
            canary.note_trouble(db, one.round_id, str(exc))
