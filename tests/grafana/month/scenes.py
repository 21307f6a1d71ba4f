"""Play the plan into a real ledger by the functions that a service writes with, each at its time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection

from processor.gate.report_json import report_to_json
from processor.ledger import endings, families, progress, pull_requests, runs, services, totals
from processor.model import (
    AgentResult,
    CiState,
    IssueRef,
    Outcome,
    Phase,
    PullRequest,
    Reviews,
    ReviewState,
    SkipReason,
    Usage,
)
from tests.grafana.month.gate_reports import BUILT_IN, gate_report
from tests.grafana.month.plan import Attempt, PlannedRun

SERVICE = "processor-1"
Act = Callable[[Connection, float], object]
_REFUSED = (SkipReason.LABEL_MISSING, SkipReason.ASSIGNED, SkipReason.AUTHOR_NOT_ALLOWED)


@dataclass
class Scenes:
    """The acts of one run. The ledger gives the run its id when it is queued."""

    plan: PlannedRun
    run_id: str = field(default="", init=False)

    def acts(self) -> Iterator[tuple[float, Act]]:
        """Give every write with its time, in order."""
        plan = self.plan
        yield plan.found_at, self._queue
        if plan.number % 9 == 0:
            yield plan.found_at + 1, self._refuse_another
        yield plan.started_at, self._start
        moment = plan.started_at
        for number, attempt in enumerate(plan.attempts, 1):
            yield from self._attempt(number, moment)
            moment += attempt.seconds + plan.pause
        yield plan.ended_at, self._finish
        if plan.outcome is Outcome.SUCCESS:
            yield from self._reviews()

    @property
    def _ref(self) -> IssueRef:
        return IssueRef(self.plan.repository, self.plan.number)

    def _queue(self, db: Connection, now: float) -> None:
        new = runs.NewRun(
            ref=self._ref, title=f"Issue {self.plan.number}", priority=self.plan.priority, issue_created_at=now - 600,
            discovered_at=now, branch=f"auto-fix/issue-{self.plan.number}", sequence=1, requested_by="poll",
        )  # fmt: skip
        self.run_id = runs.queue(db, new, now)

    def _refuse_another(self, db: Connection, now: float) -> None:
        """Refuse another issue at the same poll, which also told GitHub's limit."""
        remaining = 5000 - self.plan.number % 40 * 50
        services.note_rate_limit(db, "core", limit=5000, remaining=remaining, reset_at=now + 1800, now=now)
        totals.add(db, families.ISSUES_SKIPPED, {"reason": _REFUSED[self.plan.number % len(_REFUSED)]})

    def _start(self, db: Connection, now: float) -> None:
        runs.release(db, self.run_id, SERVICE, now)
        runs.start(db, self.run_id, SERVICE, now)
        said = AgentResult(agent=self.plan.agent, summary="done", exit_code=0, usage=Usage(), output_path="")
        runs.set_agent_result(db, self.run_id, said)

    def _attempt(self, number: int, moment: float) -> Iterator[tuple[float, Act]]:
        attempt = self.plan.attempts[number - 1]
        yield moment, lambda db, now: progress.start_attempt(db, self.run_id, number, now)
        for phase, seconds in attempt.phases:
            yield moment, self._opening(number, phase)
            moment += seconds
            yield moment, self._closing(number, phase)
        if number < len(self.plan.attempts):
            yield moment, lambda db, now: progress.end_attempt(
                db, self.run_id, number, now, phase=attempt.failed_in, error_type=attempt.error_type,
                error_message="it broke", retry_after_seconds=self.plan.pause,
            )  # fmt: skip

    def _opening(self, number: int, phase: Phase) -> Act:
        return lambda db, now: progress.start_phase(db, self.run_id, number, phase, now)

    def _closing(self, number: int, phase: Phase) -> Act:
        attempt = self.plan.attempts[number - 1]

        def close(db: Connection, now: float) -> None:
            result = str(attempt.error_type) if attempt.failed_in is phase else "ok"
            progress.end_phase(db, self.run_id, phase, result, now, attempt=number, is_counted=True)
            if phase is Phase.AGENT and self.plan.agent != "tidy":
                progress.record_usage(db, self.run_id, number, self.plan.agent, _usage(attempt), is_counted=True)
            if phase is Phase.GATE and attempt.failed_in is not Phase.GATE:
                report = gate_report(self.plan.score, self.plan.number)
                progress.record_gate(
                    db, self.run_id, report, report_to_json(report), built_in=BUILT_IN, is_counted=True
                )

        return close

    def _finish(self, db: Connection, now: float) -> None:
        last = self.plan.attempts[-1]
        is_error = self.plan.outcome in {Outcome.ERROR, Outcome.TIMEOUT}
        ending = endings.Ending(
            outcome=self.plan.outcome, error_type=last.error_type, error_message="it broke" if is_error else None,
            phase=last.phases[-1][0], is_dead_letter=is_error and self.plan.number % 4 == 0,
        )  # fmt: skip
        endings.finish(db, self.run_id, ending, now)
        if self.plan.outcome is Outcome.SUCCESS:
            pull = self._pull(now)
            runs.set_pull_request(db, self.run_id, pull.number, pull.url)
            pull_requests.record_opened(db, runs.get(db, self.run_id), pull, now)

    def _reviews(self) -> Iterator[tuple[float, Act]]:
        opened, review = self.plan.ended_at, self.plan.review
        if review.first_word is not None:
            yield opened + review.first_word, self._following(ReviewState.COMMENTED)
        if review.end is not None:
            said = ReviewState.APPROVED if review.is_merged else ReviewState.CHANGES_REQUESTED
            first = review.first_word or 0
            yield opened + first + 0.7 * (review.end - first), self._following(said)
            yield opened + review.end, self._following(said, is_ended=True)

    def _following(self, said: ReviewState, *, is_ended: bool = False) -> Act:
        def follow(db: Connection, now: float) -> None:
            pull = self._pull(now, is_ended=is_ended)
            reviews = Reviews(said, datetime.fromtimestamp(now, UTC))  # the first one is kept
            pull_requests.record_follow_up(db, pull, reviews, CiState.SUCCESS, now)

        return follow

    def _pull(self, now: float, *, is_ended: bool = False) -> PullRequest:
        plan, moment = self.plan, datetime.fromtimestamp(now, UTC)
        return PullRequest(
            repository=plan.repository, number=plan.number + 10_000, title="", body="", head_sha="0" * 40,
            url=f"https://github.com/{plan.repository}/pull/{plan.number + 10_000}",
            head_branch=f"auto-fix/issue-{plan.number}", head_repository=plan.repository, base_branch="main",
            is_open=not is_ended, is_draft=False, is_merged=is_ended and plan.review.is_merged,
            created_at=datetime.fromtimestamp(plan.ended_at, UTC),
            merged_at=moment if is_ended and plan.review.is_merged else None,
            closed_at=moment if is_ended else None,
        )  # fmt: skip


def acts_of_runs(plan: list[PlannedRun]) -> Iterator[tuple[float, Act]]:
    """Give the writes of all runs with their times."""
    for run in plan:
        yield from Scenes(run).acts()


def _usage(attempt: Attempt) -> Usage:
    seconds = attempt.seconds
    return Usage(
        input_tokens=int(900 * seconds), cache_read_tokens=int(2500 * seconds), cache_write_tokens=int(300 * seconds),
        output_tokens=int(45 * seconds), cost_dollars=round(0.0021 * seconds, 4),
    )  # fmt: skip
