"""What a service writes of one run from its queueing to the end of its pull request, each thing with its time."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection

from processor.ledger import endings, progress, pull_requests, runs
from processor.model import CiState, IssueRef, Outcome, Phase, PullRequest, Reviews, ReviewState
from tests.agreement.happenings import MadeUpRun, Visit

Act = Callable[[Connection], object]
_PAUSE = 30.0


@dataclass
class RunActs:
    """The acts of one run. The ledger gives the run its id when it is queued."""

    number: int
    plan: MadeUpRun
    run_id: str = ""

    def acts(self) -> Iterator[tuple[float, Act]]:
        """Give every write with its time on the clock of the host that ends the run, which no other is after."""
        for now, act in self._told():
            yield min(now, self.plan.ended_at), partial(act, now=now)
        if self.plan.outcome is not None:
            yield self.plan.ended_at, self._end
        if self.plan.outcome is Outcome.SUCCESS and self._is_counted:
            yield self.plan.ended_at, self._open
            yield from self._visits()

    @property
    def _is_counted(self) -> bool:
        return self.plan.mark in {"real", "forced"}

    @property
    def _opened_at(self) -> float:
        """When GitHub says that the pull request was opened, in whole seconds."""
        return math.floor(self.plan.ended_at)

    def _told(self) -> Iterator[tuple[float, Callable[..., object]]]:
        """Give what is written before the end, each with what the clock of its host tells."""
        worked = sum(one.seconds for one in self.plan.attempts) + _PAUSE * (len(self.plan.attempts) - 1)
        moment = self.plan.ended_at - max(worked, 0.0)
        yield moment - self.plan.waited, self._queue
        if not self.plan.attempts:
            return
        moment += self.plan.clock_ahead
        yield moment, self._start
        for number, attempt in enumerate(self.plan.attempts, 1):
            is_last = number == len(self.plan.attempts)
            yield moment, partial(self._begin, number)
            step = attempt.seconds / len(attempt.phases)
            for place, phase in enumerate(attempt.phases, 1):
                yield moment, partial(self._enter, number, phase)
                if attempt.is_interrupted and place == len(attempt.phases):
                    yield moment + step / 2, partial(self._enter, number, phase)
                moment += step
                if is_last and place == len(attempt.phases):
                    moment = self.plan.ended_at
                yield moment, partial(self._leave, number, phase, is_last=is_last)
            moment += _PAUSE

    def _visits(self) -> Iterator[tuple[float, Act]]:
        noted_at = self.plan.ended_at
        for visit in sorted(self.plan.visits, key=lambda visit: visit.at):
            noted_at = max(noted_at, visit.at + visit.noted_after)
            yield noted_at, partial(self._visit, visit, now=noted_at)
            if visit.found == "merged":
                return

    def _queue(self, db: Connection, now: float) -> None:
        new = runs.NewRun(
            ref=IssueRef(self.plan.repository, self.number), title="Greet the world", priority=self.plan.priority,
            issue_created_at=now - 600, discovered_at=now - 5, branch=f"auto-fix/issue-{self.number}", sequence=1,
            requested_by="poll", is_dry_run=self.plan.mark == "dry", is_forced=self.plan.mark == "forced",
            is_canary=self.plan.mark == "canary",
        )  # fmt: skip
        self.run_id = runs.queue(db, new, now)

    def _start(self, db: Connection, now: float) -> None:
        runs.release(db, self.run_id, "host-a", now)
        runs.start(db, self.run_id, "host-a", now)

    def _begin(self, number: int, db: Connection, now: float) -> None:
        progress.start_attempt(db, self.run_id, number, now)

    def _enter(self, number: int, phase: Phase, db: Connection, now: float) -> None:
        progress.start_phase(db, self.run_id, number, phase, now)

    def _leave(self, number: int, phase: Phase, db: Connection, now: float, *, is_last: bool) -> None:
        attempt = self.plan.attempts[number - 1]
        if is_last and self.plan.is_cut_short and phase is attempt.phases[-1]:
            return
        is_failed = phase is attempt.phases[-1] and not is_last
        result = "network" if is_failed else "ok"
        progress.end_phase(db, self.run_id, phase, result, now, attempt=number, is_counted=self._is_counted)
        if phase is Phase.AGENT and attempt.spent is not None:
            progress.record_usage(db, self.run_id, number, self.plan.agent, attempt.spent, is_counted=self._is_counted)
        if phase is attempt.phases[-1]:
            progress.end_attempt(
                db, self.run_id, number, now, phase=phase, error_type=None if is_last else "network",
                retry_after_seconds=None if is_last else _PAUSE, is_counted=self._is_counted,
            )  # fmt: skip

    def _end(self, db: Connection) -> None:
        assert self.plan.outcome is not None
        last = self.plan.attempts[-1].phases[-1] if self.plan.attempts else None
        ending = endings.Ending(outcome=self.plan.outcome, error_type=self.plan.error_type, phase=last)
        endings.finish(db, self.run_id, ending, self.plan.ended_at)

    def _open(self, db: Connection) -> None:
        pull = self._pull("open", self._opened_at)
        pull_requests.record_opened(db, runs.get(db, self.run_id), pull, self.plan.ended_at)

    def _visit(self, visit: Visit, db: Connection, now: float) -> None:
        pull = self._pull(visit.found, max(visit.at, self._opened_at))
        pull_requests.record_follow_up(db, pull, Reviews(ReviewState.NONE), CiState.NONE, now)

    def _pull(self, found: str, at: float) -> PullRequest:
        return pull_request(self.plan.repository, self.number, found, opened_at=self._opened_at, at=at)


def pull_request(repository: str, issue: int, found: str, *, opened_at: float, at: float) -> PullRequest:
    """Make what GitHub tells of the pull request of an issue: `open`, `merged` or `closed` at a time."""
    ended_at = None if found == "open" else datetime.fromtimestamp(at, UTC)
    return PullRequest(
        repository=repository, number=1000 + issue, title="", body="", is_draft=True, head_sha="a" * 40,
        url=f"https://github.com/{repository}/pull/{1000 + issue}", head_branch=f"auto-fix/issue-{issue}",
        head_repository=repository, base_branch="main", is_open=found == "open", is_merged=found == "merged",
        created_at=datetime.fromtimestamp(opened_at, UTC), closed_at=ended_at,
        merged_at=ended_at if found == "merged" else None,
    )  # fmt: skip
