"""Take the rounds of the canary from step to step; every step looks first, so a crash anywhere does no harm.

One service works on a round at a time; what it knows of it stands in the ledger, and another one goes on from there.
"""

from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection

from processor import logs
from processor.errors import GitHubRateLimited, GitHubUnavailable, NetworkError, ProcessorError
from processor.ledger import canary, operators, queries
from processor.ledger.canary import BY_THE_CLOCK, NewRound
from processor.ledger.operators import Act
from processor.ledger.queries import CanaryRound
from processor.ledger.records import RunRecord
from processor.model import CanaryResult, RunState
from processor.operations.canary import on_github
from processor.operations.canary.deciding import Step, Verdict, next_step, verdict_of_run, verdict_too_late
from processor.operations.canary.issue_text import issue_text
from processor.operations.cancel import NothingToCancel, cancel
from processor.pipeline.context import Context
from processor.settings.sections import MainFile

#: Longer than any step takes; a service that died lets go of a round by then, and at once when it is back.
_HELD_SECONDS = 300.0
_TRY_AGAIN_SECONDS = 15.0
#: What cannot be taken back is not asked for every quarter of a minute for days.
_LONGEST_WAIT_SECONDS = 3600.0
_PASSING = (NetworkError, GitHubRateLimited, GitHubUnavailable)
_ACTOR = "canary"
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

    def look(self) -> None:
        """Begin what is due, and do the next step of what is under way."""
        if self.context.settings.main.sandbox is None:
            return
        self._begin()
        for one in self._unfinished():
            if self.context.clock() >= self._not_before.get(one.round_id, 0.0) and self._hold(one):
                self._advance(one)

    def is_waiting_for_intake(self) -> bool:
        """Tell whether there is an issue of a round that has no result yet."""
        return any(one.issue is not None and one.result is None for one in self._unfinished())

    def note_poll_failed(self, exc: ProcessorError) -> None:
        """Keep why intake could not look for the issue."""
        for one in self._unfinished():
            if one.result is None:
                with self.context.ledger.write() as db:
                    canary.note_trouble(db, one.round_id, str(exc))

    def _unfinished(self) -> tuple[CanaryRound, ...]:
        with self.context.ledger.read() as db:
            return queries.canary_rounds_unfinished(db, self.context.settings.main.canary.repository or "")

    def _begin(self) -> None:
        main, now = self.context.settings.main, self.context.clock()
        wanted = main.canary
        with self.context.ledger.read() as db:
            if not wanted.enabled or not canary.is_due(db, wanted.repository or "", wanted.interval_seconds, now):
                return
            new = new_round(db, main, BY_THE_CLOCK)
        with self.context.ledger.write() as db:
            round_id = canary.begin_if_due(db, new, wanted.interval_seconds, now)
            rests = resting(db, main)
            if round_id is not None and rests is not None:
                canary.end(db, round_id, CanaryResult.HELD, rests, now)
                canary.end_clean(db, round_id, now)
        if round_id is not None:
            _LOG.info(logs.CANARY_BEGUN, round_id=round_id, repository=new.repository, held=rests)

    def _hold(self, one: CanaryRound) -> bool:
        with self.context.ledger.write() as db:
            return canary.hold(db, one.round_id, self.context.instance, self.context.clock(), _HELD_SECONDS)

    def _advance(self, one: CanaryRound) -> None:
        run, is_announced = self._newest_run(one)
        step = next_step(one, run, is_announced=is_announced, now=self.context.clock())
        try:
            self._do(step, one, run)
        except ProcessorError as exc:
            wait = self._waits.get(one.round_id, _TRY_AGAIN_SECONDS)
            self._not_before[one.round_id] = self.context.clock() + wait
            if step is Step.CLEAN:
                self._waits[one.round_id] = min(2 * wait, _LONGEST_WAIT_SECONDS)
            self._note(step, one, exc)

    def _do(self, step: Step, one: CanaryRound, run: RunRecord | None) -> None:
        match step:
            case Step.MAKE_ISSUE:
                self._make_issue(one)
            case Step.WAIT if one.result is None and run is None:
                self.wake_intake(is_new=False)
            case Step.VERIFY if run is not None:
                self._verify(one, run)
            case Step.GIVE_UP:
                self._give_up(one, run)
            case Step.CLEAN:
                self._clean(one)
            case _:
                pass

    def _newest_run(self, one: CanaryRound) -> tuple[RunRecord | None, bool]:
        if one.ref is None:
            return None, False
        with self.context.ledger.read() as db:
            runs = queries.runs_of_issue(db, one.ref)
            return (runs[0], queries.was_announced(db, runs[0].run_id)) if runs else (None, False)

    def _make_issue(self, one: CanaryRound) -> None:
        github, main = self.context.github, self.context.settings.main
        issue = None if one.sent_at is None else on_github.find_issue(github, one)
        if issue is None:
            # What was sent and not answered may still arrive within the time limit of a request.
            if one.sent_at is not None and self.context.clock() < one.sent_at + main.github.timeout_seconds + 5:
                return
            with self.context.ledger.write() as db:
                canary.note_sent(db, one.round_id, self.context.clock())
            issue = on_github.make_issue(github, one, issue_text(main, one.round_id))
        with self.context.ledger.write() as db:
            canary.set_issue(db, one.round_id, issue.ref.number)
        self.wake_intake(is_new=True)

    def _verify(self, one: CanaryRound, run: RunRecord) -> None:
        verdict = verdict_of_run(run)
        if verdict is None:
            base_branch = self.context.settings.main.canary.base_branch
            number, fault = on_github.look_at_pull_request(self.context.github, run, base_branch)
            verdict = Verdict(CanaryResult.FAILED, fault) if fault else Verdict(CanaryResult.SUCCESS, "")
            if number is not None:
                with self.context.ledger.write() as db:
                    canary.set_pull_request(db, one.round_id, number)
        self._end(one, verdict)

    def _give_up(self, one: CanaryRound, run: RunRecord | None) -> None:
        now = self.context.clock()
        with self.context.ledger.read() as db:
            rests = resting(db, self.context.settings.main)
        self._end(one, verdict_too_late(one, run, resting=rests, now=now))
        if run is not None and run.state is not RunState.FINISHED:
            act = Act(actor=_ACTOR, action="queue.cancel", target=f"{run.ref} {run.run_id}", reason="too late")
            try:
                cancel(self.context.ledger, run.run_id, act, now)
            except NothingToCancel:
                return

    def _clean(self, one: CanaryRound) -> None:
        github = self.context.github
        issue = None
        if one.sent_at is not None and one.issue is None:
            issue = on_github.find_issue(github, one)
        ref = one.ref or (issue.ref if issue else None)
        if ref is not None:
            with self.context.ledger.read() as db:
                runs = queries.runs_of_issue(db, ref)
            on_github.take_back(github, ref, runs)
        self._close_strays(one)
        with self.context.ledger.write() as db:
            canary.end_clean(db, one.round_id, self.context.clock())
        self._waits.pop(one.round_id, None)
        self._not_before.pop(one.round_id, None)

    def _close_strays(self, one: CanaryRound) -> None:
        closed = on_github.close_strays(
            self.context.github,
            one.repository,
            branch_prefix=self.context.settings.main.publish.branch_prefix,
            known=frozenset(other.issue for other in self._unfinished() if other.issue is not None),
            before=one.begun_at - (one.deadline_at - one.begun_at),
        )
        if closed:
            _LOG.warning(logs.CANARY_STRAYS_CLOSED, repository=one.repository, issues=list(closed))

    def _end(self, one: CanaryRound, verdict: Verdict) -> None:
        now = self.context.clock()
        with self.context.ledger.write() as db:
            is_first = canary.end(db, one.round_id, verdict.result, verdict.reason, now)
        if is_first:
            _LOG.info(
                logs.CANARY_FINISHED,
                round_id=one.round_id,
                repository=one.repository,
                issue=one.issue,
                result=str(verdict.result),
                reason=verdict.reason,
                duration_seconds=round(now - one.begun_at, 3),
            )

    def _note(self, step: Step, one: CanaryRound, exc: ProcessorError) -> None:
        """Keep what stands in the way; what another try cannot mend ends the round."""
        if step in {Step.MAKE_ISSUE, Step.VERIFY} and not isinstance(exc, _PASSING):
            self._end(one, Verdict(CanaryResult.FAILED, str(exc)))
            return
        _LOG.warning(logs.CANARY_DELAYED, round_id=one.round_id, step=str(step), message=str(exc))
        with self.context.ledger.write() as db:
            canary.note_trouble(db, one.round_id, str(exc))


def new_round(db: Connection, main: MainFile, requested_by: str) -> NewRound:
    """Give what a round of these settings begins with; the sandbox is set, and spelled as intake spells it."""
    return NewRound(
        repository=queries.recorded_name(db, main.canary.repository or ""),
        requested_by=requested_by,
        time_limit_seconds=main.canary.time_limit_seconds,
    )


def resting(db: Connection, main: MainFile) -> str | None:
    """Say why nothing is started, or nothing published, by an operator's word; None when the processor works."""
    if main.dry_run:
        return "the processor is in dry run, and writes nothing on GitHub"
    pause = operators.get_control(db, operators.PAUSED)
    if pause is None:
        return None
    return f"the processor is paused by {pause.set_by}" + (f": {pause.reason}" if pause.reason else "")
