"""What the gate said of a change: findings, checks and the verdict."""

from dataclasses import dataclass
from enum import StrEnum


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

    @property
    def rejection(self) -> str | None:
        """Why it was rejected; None when it passed."""
        return None if self.passed else "; ".join(self.reasons)
