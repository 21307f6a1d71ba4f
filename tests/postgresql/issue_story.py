"""A ledger with one run of each kind, written by the functions that a service uses. Times are seconds after BEGAN."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from processor.ledger import endings, issues, operators, progress, pull_requests, runs, services
from processor.ledger.connection import Ledger
from processor.model import (
    AgentResult,
    CheckReport,
    CheckResult,
    CiState,
    Finding,
    FindingState,
    GateReport,
    Issue,
    IssueRef,
    Outcome,
    Phase,
    Priority,
    PullRequest,
    Reviews,
    ReviewState,
    Usage,
)

BEGAN = 1_790_000_000
HELLO, WORLD = "octo/hello", "octo/world"
FORGE = "http://forge.localhost:8931"
TITLES = {
    1: "Fix the greeting",
    2: "The agent breaks",
    3: "A stub",
    4: "It's 100% \"slow\"",
    5: "Wait for a place",
    6: "Wait longer",
    7: "Held at the first start",
    8: "Locked",
    9: "At work now",
    10: "Only tried",
    11: "Long ago",
}  # fmt: skip


@dataclass
class Story:
    """Writes runs, and remembers their ids by issue."""

    db: Connection
    ids: dict[int, str] = field(default_factory=dict)

    def queue(self, number: int, priority: Priority, at: float, *, repository: str = HELLO, dry: bool = False) -> str:
        """See an issue and put a run for it into the queue."""
        ref = IssueRef(repository, number)
        seen = issues.see(self.db, _issue(ref), priority, at)
        new = runs.NewRun(
            ref=ref, title=TITLES[number], priority=priority, issue_created_at=at - 100, discovered_at=seen,
            branch=f"auto-fix/issue-{number}", sequence=1, requested_by="poll", is_dry_run=dry,
        )  # fmt: skip
        self.ids[number] = runs.queue(self.db, new, at)
        return self.ids[number]

    def start(self, run_id: str, at: float) -> None:
        """Have a run in the agent's phase of its first attempt."""
        runs.release(self.db, run_id, "processor-1", at - 1)
        runs.start(self.db, run_id, "processor-1", at)
        progress.start_attempt(self.db, run_id, 1, at)
        progress.start_phase(self.db, run_id, 1, Phase.PREPARE, at - 5)
        progress.end_phase(self.db, run_id, Phase.PREPARE, "ok", at, attempt=1, is_counted=True)
        progress.start_phase(self.db, run_id, 1, Phase.AGENT, at)

    def end(self, run_id: str, outcome: Outcome, at: float, error: str | None = None, *, dead: bool = False) -> None:
        """Give a run its outcome."""
        message = f"{error}: see its log" if error else None
        progress.end_attempt(self.db, run_id, 1, at, error_type=error, error_message=message)
        ending = endings.Ending(
            outcome=outcome, error_type=error, error_message=message, phase=Phase.AGENT, is_dead_letter=dead
        )
        endings.finish(self.db, run_id, ending, at)


def write(ledger: Ledger) -> dict[int, str]:
    """Write the story and give the ids of the runs, the newest by issue."""
    with ledger.write() as db:
        story = Story(db)
        _success(story)
        _failures(story)
        _others(story)
        return story.ids


def _success(story: Story) -> None:
    run = story.queue(1, Priority.HIGH, BEGAN)
    story.start(run, BEGAN + 50)
    db = story.db
    runs.set_agent_result(db, run, _agent_result())
    progress.record_usage(db, run, 1, "claude", Usage(input_tokens=1000, cost_dollars=0.5), is_counted=True)
    progress.end_phase(db, run, Phase.AGENT, "agent_exit", BEGAN + 100, attempt=1, is_counted=True)
    progress.end_attempt(db, run, 1, BEGAN + 100, phase=Phase.AGENT, error_type="agent_exit",
                         error_message="the agent left with code 1", retry_after_seconds=30)  # fmt: skip
    progress.start_attempt(db, run, 2, BEGAN + 130)
    progress.record_usage(db, run, 2, "claude", Usage(output_tokens=70, cost_dollars=0.25), is_counted=True)
    for phase in (Phase.AGENT, Phase.GATE):
        progress.start_phase(db, run, 2, phase, BEGAN + 130)
        progress.end_phase(db, run, phase, "ok", BEGAN + 140, attempt=2, is_counted=True)
    progress.record_gate(db, run, _report(), "{}", built_in=frozenset({"syntax"}), is_counted=True)
    pull = _pull(21)
    runs.set_pull_request(db, run, 21, pull.url)
    pull_requests.record_opened(db, runs.get(db, run), pull, BEGAN + 145)
    pull_requests.record_follow_up(db, pull, Reviews(ReviewState.APPROVED), CiState.SUCCESS, BEGAN + 146)
    progress.end_attempt(db, run, 2, BEGAN + 150)
    endings.finish(db, run, endings.Ending(outcome=Outcome.SUCCESS), BEGAN + 150)


def _failures(story: Story) -> None:
    broken = story.queue(2, Priority.MEDIUM, BEGAN + 10)
    story.start(broken, BEGAN + 60)
    progress.end_phase(story.db, broken, Phase.AGENT, "agent_exit", BEGAN + 160, attempt=1, is_counted=True)
    story.end(broken, Outcome.ERROR, BEGAN + 160, "agent_exit", dead=True)
    refused = story.queue(3, Priority.HIGH, BEGAN + 20, repository=WORLD)
    story.start(refused, BEGAN + 70)
    story.end(refused, Outcome.REJECTED, BEGAN + 170)
    slow = story.queue(4, Priority.LOW, BEGAN + 30)
    story.start(slow, BEGAN + 80)
    story.end(slow, Outcome.TIMEOUT, BEGAN + 180, "agent_timeout", dead=True)


def _others(story: Story) -> None:
    again = story.ids[4]
    story.queue(4, Priority.LOW, BEGAN + 500)  # an operator's retry: no dead letter any more
    story.ids[-4] = again
    story.queue(5, Priority.CRITICAL, BEGAN + 550)
    story.queue(6, Priority.LOW, BEGAN + 450, repository=WORLD)
    for number in (7, 8):
        issues.see(story.db, _issue(IssueRef(HELLO, number)), Priority.MEDIUM, BEGAN + number)
    issues.hold_for_operator(story.db, IssueRef(HELLO, 7))
    issues.skip(story.db, IssueRef(HELLO, 8), "locked")
    story.start(story.queue(9, Priority.HIGH, BEGAN + 300), BEGAN + 310)
    for number, moment, dry in ((10, BEGAN + 200, True), (11, BEGAN - 90_000, False)):
        run = story.queue(number, Priority.MEDIUM, moment, dry=dry)
        story.start(run, moment + 10)
        story.end(run, Outcome.SUCCESS, moment + 20)
    for name, state in (("processor-1", "running"), ("processor-2", "stopped")):
        services.announce(story.db, services.ServiceRecord(
            instance=name, host="desk", pid=1, url="", state=state, started_at=BEGAN, heartbeat_at=BEGAN,
            capacity_level="high", capacity_reason="cpu 95 %", max_parallel=1,
        ))  # fmt: skip
    for repository in (HELLO, WORLD):
        issues.note_poll(story.db, repository, BEGAN)


def pause(ledger: Ledger) -> None:
    """Pause, as `aip pause` does."""
    with ledger.write() as db:
        act = operators.Act(actor="ann@desk", action="pause", target="all", reason="a migration")
        operators.set_control(db, operators.PAUSED, True, act, BEGAN + 600)


def _agent_result() -> AgentResult:
    return AgentResult(agent="claude", summary="done", exit_code=0, usage=Usage(), output_path=Path("output"))


def _report() -> GateReport:
    findings = tuple(
        Finding(key=str(number), message="", state=state)
        for number, state in enumerate([FindingState.NEW, FindingState.FIXED, FindingState.FIXED])
    )
    checks = (
        CheckReport(name="syntax", result=CheckResult.PASSED, is_required=True, weight=2, score=92, summary="good",
                    findings=findings, duration_seconds=1.5),
        CheckReport(name="ours", result=CheckResult.NOT_APPLICABLE, is_required=False, weight=1, score=0,
                    summary="nothing to look at"),
    )  # fmt: skip
    return GateReport(passed=True, score=92, risk=0, minimum_score=70, security_threshold=5, checks=checks)


def _pull(number: int) -> PullRequest:
    made = datetime.fromtimestamp(BEGAN + 145, UTC)
    return PullRequest(
        repository=HELLO, number=number, url=f"{FORGE}/{HELLO}/pull/{number}", title="Auto-fix", body="",
        head_branch="auto-fix/issue-1", head_sha="0" * 40, head_repository=HELLO, base_branch="main", is_open=True,
        is_draft=True, is_merged=False, created_at=made, merged_at=None, closed_at=None,
    )  # fmt: skip


def _issue(ref: IssueRef) -> Issue:
    made = datetime.fromtimestamp(BEGAN, UTC)
    return Issue(
        ref=ref, title=TITLES[ref.number], body="", labels=("auto-processable",), author="octo",
        author_association="OWNER", assignees=(), is_locked=False, is_open=True, is_pull_request=False,
        created_at=made, updated_at=made, url="",
    )  # fmt: skip
