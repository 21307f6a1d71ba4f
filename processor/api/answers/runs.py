"""What `/api/queue` and `/api/runs` answer."""

from pydantic import ConfigDict, Field

from processor.api.answers.answer import Answer, Page
from processor.api.answers.run_parts import AttemptOfRun, GateOfRun, PhaseOfRun, PullRequestOfRun, UsageOfRun


class RunAnswer(Answer):
    """One run as it stands; what has not come is null."""

    run_id: str = Field(examples=["5f0c2a"])
    issue: str = Field(examples=["octo/hello#42"])
    sequence: int
    title: str
    priority: str = Field(examples=["high"])
    issue_created_at: float
    branch: str
    state: str = Field(description="queued, running or finished")
    phase: str | None
    is_dry_run: bool
    is_forced: bool
    is_canary: bool = Field(description="the canary's own, in no number of real work")
    requested_by: str
    previous_pull_request: int | None
    discovered_at: float
    queued_at: float
    released_at: float | None
    started_at: float | None
    finished_at: float | None
    released_by: str | None
    executed_by: str | None
    cancel_requested_at: float | None
    cancel_requested_by: str | None
    attempts: int
    agent: str | None
    base_commit: str | None
    base_branch: str | None
    commit_sha: str | None
    gate_passed: bool | None
    gate_score: float | None
    pull_request: int | None
    pull_request_url: str | None
    outcome: str | None = Field(description="success, rejected, error, timeout or cancelled", examples=["success"])
    error_type: str | None
    error_message: str | None
    is_dead_letter: bool
    duration_seconds: float | None


class Queue(Page):
    """Active runs, and a page of the backlog in order of work; `total` counts the backlog."""

    active: list[RunAnswer]
    backlog: list[RunAnswer]
    waiting_for_operator: int
    dead_letters: list[str] = Field(description="run ids of what was given up and not retried since")


class Ended(Page):
    """A page of the runs that ended, newest first."""

    runs: list[RunAnswer]


class RunDetail(RunAnswer):
    """One run with everything that is known of it."""

    model_config = ConfigDict(title="Run with phases, attempts, gate, usage and pull request")
    phases: list[PhaseOfRun]
    attempt_records: list[AttemptOfRun]
    usage: list[UsageOfRun] = Field(description="one for each attempt that an agent told of")
    gate: GateOfRun | None = Field(description="null before the gate, and where it was not reached")
    pull_request_record: PullRequestOfRun | None
