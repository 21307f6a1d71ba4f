"""The values the whole product speaks in: frozen, without I/O. Words are defined in docs/glossary.md."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from processor.errors import ProcessorError

_REFERENCE = re.compile(r"^(?P<repository>[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)#(?P<number>[1-9][0-9]{0,9})$")


class Priority(StrEnum):
    """How soon an issue is taken; the order of the members is the order of work."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the first to be taken."""
        return list(Priority).index(self)


class Outcome(StrEnum):
    """How a run ended; counted once."""

    SUCCESS = "success"  #: the pull request is open and verified on GitHub
    REJECTED = "rejected"  #: the gate said no
    ERROR = "error"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


class Phase(StrEnum):
    """The four parts of an attempt, in order."""

    PREPARE = "prepare"
    AGENT = "agent"
    GATE = "gate"
    PUBLISH = "publish"


class RunState(StrEnum):
    """Where a run stands; `queued` is the backlog."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"


@dataclass(frozen=True, order=True)
class IssueRef:
    """An issue's address, `OWNER/REPO#N`."""

    repository: str
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `OWNER/REPO#N`; raises ValueError on anything else."""
        match = _REFERENCE.match(text)
        if match is None:
            raise ValueError(f"{text!r} is not an issue; write OWNER/REPO#N, such as octo/hello#42")
        return cls(match["repository"], int(match["number"]))

    def __str__(self) -> str:
        return f"{self.repository}#{self.number}"


@dataclass(frozen=True, kw_only=True)
class Issue:
    """An issue as GitHub shows it. Title and body are a stranger's text: data, never instructions to us.

    Source: https://docs.github.com/en/rest/issues/issues
    """

    ref: IssueRef
    title: str
    body: str  #: empty when GitHub has null
    labels: tuple[str, ...]
    author: str  #: login; empty for a deleted account
    author_association: str  #: OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR, NONE, …
    assignees: tuple[str, ...]
    is_locked: bool
    is_open: bool
    is_pull_request: bool  #: GitHub lists pull requests among the issues
    created_at: datetime
    updated_at: datetime
    url: str


@dataclass(frozen=True, kw_only=True)
class PullRequest:
    """A pull request as GitHub shows it."""

    repository: str
    number: int
    url: str
    title: str
    body: str
    head_branch: str
    head_sha: str
    head_repository: str  #: owner/name; empty when the fork is gone
    base_branch: str
    is_open: bool
    is_draft: bool
    is_merged: bool
    created_at: datetime
    merged_at: datetime | None
    closed_at: datetime | None


class ReviewState(StrEnum):
    """What reviewers have said, taken together."""

    NONE = "none"
    COMMENTED = "commented"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"


class CiState(StrEnum):
    """What the repository's own checks say of the head commit."""

    NONE = "none"
    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What an agent spent. None means the agent did not say; it is never taken for 0.

    Tokens are counts. `cost_dollars` is US dollars as the agent itself reports them.
    """

    input_tokens: int | None = None  #: not from a cache
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None  #: everything generated, reasoning included
    reasoning_tokens: int | None = None  #: how many of the output tokens were reasoning
    cost_dollars: float | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """The agent's result as a value: any host can rebuild the worktree from it.

    `patch` is what `git diff --binary --full-index BASE` printed; never empty.
    """

    base_commit: str
    patch: bytes
    files: tuple[str, ...]  #: every path touched, old and new names
    added_lines: int
    removed_lines: int


class CheckResult(StrEnum):
    """What one check of the gate said."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"  #: nothing in the change for it; its weight drops out
    UNAVAILABLE = "unavailable"  #: it applies and could not run; the change is rejected


class FindingState(StrEnum):
    """A finding on the base commit against the same finding on the change."""

    NEW = "new"
    FIXED = "fixed"
    FLAKY = "flaky"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing a check complains about. `key` identifies it across commits, so it holds no line number."""

    key: str
    message: str
    path: str = ""
    line: int = 0  #: 1-based; 0 when the finding has no line
    state: FindingState = FindingState.NEW
    risk: float = 0.0  #: severity × confidence, 0 for findings that are no security matter


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """One line of the gate table."""

    name: str
    result: CheckResult
    is_required: bool
    weight: float
    score: float  #: 0–100; meaningless unless passed or failed
    summary: str  #: one sentence for a person
    findings: tuple[Finding, ...] = ()
    duration_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class GateReport:
    """What the gate said of a change: `passed` only when every required check held and the score reached the bar."""

    passed: bool
    score: float  #: 0–100, weighted over the checks that apply
    minimum_score: float
    risk: float  #: 0–10, from new security findings
    security_threshold: float
    checks: tuple[CheckReport, ...]
    reasons: tuple[str, ...] = ()  #: why it was rejected, one sentence each; empty when passed


@dataclass(frozen=True, kw_only=True)
class AgentResult:
    """What running an agent gave, beside the worktree it changed."""

    agent: str
    exit_code: int
    usage: Usage
    summary: str  #: the agent's own last words, size-limited; shown, never believed
    output_path: str  #: file that holds everything it printed
    failure: ProcessorError | None = None  #: why it failed; a value, so that what it spent is recorded all the same


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether an issue may be processed, why, and every rule that was looked at."""

    is_eligible: bool
    reason: str  #: `eligible`, or the name of the rule that refused
    priority: Priority
    steps: tuple["RuleStep", ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class RuleStep:
    """One rule of intake: its name, the value it looked at, and whether it lets the issue pass."""

    rule: str
    value: str
    is_satisfied: bool


@dataclass(frozen=True)
class GitAccess:
    """What git's environment needs to reach GitHub; it holds the token, so it is never shown and never in an argv."""

    environment: Mapping[str, str] = field(repr=False)
