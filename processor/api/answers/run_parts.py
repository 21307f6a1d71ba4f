"""The parts of one run in `/api/runs/ID`: phases, attempts, what agents used, gate, pull request."""

from pydantic import Field

from processor.api.answers.answer import Answer
from processor.model import CheckResult, FindingState, Phase

_NOT_TOLD = "null where the agent does not tell"


class PhaseOfRun(Answer):
    """One phase of one attempt."""

    attempt: int = Field(examples=[1])
    phase: Phase
    started_at: float
    ended_at: float | None = Field(description="null while it runs")
    result: str | None = Field(description="ok, rejected or a type of error; null while it runs", examples=["ok"])


class AttemptOfRun(Answer):
    """One try; a failed one that is tried again is no outcome."""

    number: int = Field(examples=[1])
    started_at: float
    ended_at: float | None = Field(description="null while it goes on")
    error_type: str | None = Field(description="null when nothing went wrong", examples=["agent_exit"])
    error_message: str | None = Field(examples=["agent tidy exited with code 3"])
    retry_after_seconds: float | None = Field(description="the wait before the next try; null when there is none")


class UsageOfRun(Answer):
    """What one call of an agent used, as the agent itself tells."""

    input_tokens: int | None = Field(description=f"not from a cache; {_NOT_TOLD}")
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None = Field(description=f"everything generated, reasoning included; {_NOT_TOLD}")
    reasoning_tokens: int | None = Field(description="how many of the output tokens were reasoning")
    cost_dollars: float | None = Field(description=f"US dollars; {_NOT_TOLD}", examples=[0.42])


class FindingOfCheck(Answer):
    """One thing that a check complains about."""

    key: str = Field(description="the same across commits")
    message: str
    path: str = Field(description="empty when it belongs to no file")
    line: int = Field(description="1-based; 0 when it has no line")
    state: FindingState = Field(description="against the base commit")
    risk: float = Field(description="severity × confidence; 0 when it is no security matter")


class CheckOfGate(Answer):
    """One line of the gate's table."""

    name: str = Field(examples=["tests"])
    result: CheckResult
    is_required: bool
    weight: float
    score: float = Field(description="0 to 100; meaningless unless passed or failed")
    summary: str
    findings: list[FindingOfCheck]
    duration_seconds: float


class GateOfRun(Answer):
    """What the gate said."""

    passed: bool
    score: float = Field(description="0 to 100, weighted over the checks that apply", examples=[88.0])
    minimum_score: float = Field(examples=[70.0])
    risk: float = Field(description="0 to 10, from new security findings", examples=[0.0])
    security_threshold: float = Field(examples=[5.0])
    checks: list[CheckOfGate]
    reasons: list[str] = Field(description="why it was rejected, one sentence each; empty when passed")


class PullRequestOfRun(Answer):
    """The pull request, as the follow-up last saw it."""

    repository: str = Field(examples=["octo/hello"])
    number: int
    run_id: str
    issue: int
    branch: str
    head_sha: str
    url: str
    state: str = Field(description="open, merged or closed", examples=["open"])
    review_state: str = Field(examples=["approved"])
    ci_state: str = Field(examples=["success"])
    created_at: float
    merged_at: float | None
    closed_at: float | None
