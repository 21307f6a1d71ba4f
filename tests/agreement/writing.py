"""Write a made-up world into a ledger, by the functions that a service writes with, in the order of time."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, update

from processor.ledger import endings, imports, incidents, progress, pull_requests, runs
from processor.ledger.connection import Ledger
from processor.ledger.imports import Compared
from processor.ledger.incidents import AlertNotice, AlertStatus
from processor.ledger.schema import facts
from processor.model import CiState, IssueRef, Outcome, Phase, PullRequest, Reviews, ReviewState
from tests.agreement.happenings import Alert, Import, MadeUpRun, Visit, World

Act = Callable[[Connection], object]
_PAUSE = 30.0


class Writing:
    """A ledger that fills up as time goes by."""

    def __init__(self, ledger: Ledger, world: World) -> None:
        self._ledger = ledger
        with ledger.write() as db:
            db.execute(update(facts).where(facts.c.key == "born_at").values(value=repr(world.made_at)))
        acts = [act for number, run in enumerate(world.runs, 1) for act in _Run(number, run).acts()]
        acts += [(alert.began_at + alert.told_after, partial(_tell, alert)) for alert in world.alerts]
        if world.imported is not None:
            acts.append((world.imported.at, partial(_import, world.imported)))
        self._acts = sorted(acts, key=lambda act: act[0])

    def go_on(self, until: float) -> None:
        """Write what happens before a moment."""
        with self._ledger.write() as db:
            while self._acts and self._acts[0][0] < until:
                self._acts.pop(0)[1](db)


@dataclass
class _Run:
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
                moment += step
                if is_last and place == len(attempt.phases):
                    moment = self.plan.ended_at
                yield moment, partial(self._leave, number, phase, is_last=is_last)
            moment += _PAUSE

    def _visits(self) -> Iterator[tuple[float, Act]]:
        noted_at = self.plan.ended_at
        for visit in sorted(self.plan.visits, key=lambda visit: visit.after):
            noted_at = max(noted_at, self._opened_at + visit.after + visit.noted_after)
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
        if is_last and self.plan.outcome is None:
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
        pull = self._pull(visit.found, self._opened_at + visit.after)
        pull_requests.record_follow_up(db, pull, Reviews(ReviewState.NONE), CiState.NONE, now)

    def _pull(self, found: str, at: float) -> PullRequest:
        ended_at = None if found == "open" else datetime.fromtimestamp(at, UTC)
        return PullRequest(
            repository=self.plan.repository, number=1000 + self.number, title="", body="", is_draft=True,
            url=f"https://github.com/{self.plan.repository}/pull/{1000 + self.number}", head_sha="a" * 40,
            head_branch=f"auto-fix/issue-{self.number}", head_repository=self.plan.repository, base_branch="main",
            is_open=found == "open", is_merged=found == "merged",
            created_at=datetime.fromtimestamp(self._opened_at, UTC),
            merged_at=ended_at if found == "merged" else None, closed_at=ended_at,
        )  # fmt: skip


def _tell(alert: Alert, db: Connection) -> None:
    ends_at = None if alert.lasted is None else alert.began_at + alert.lasted
    status = AlertStatus.FIRING if ends_at is None else AlertStatus.RESOLVED
    notice = AlertNotice(
        fingerprint=f"{alert.name} {alert.severity}", alert=alert.name, severity=alert.severity, labels={},
        annotations={}, starts_at=alert.began_at, status=status, ends_at=ends_at,
    )  # fmt: skip
    incidents.record(db, notice, alert.began_at + alert.told_after)


def _import(found: Import, db: Connection) -> None:
    imports.keep(db, Compared(found.runs, (), 0, (), 0), found.at)
    if found.is_counted:
        imports.count_into_totals(db, found.at)
