"""What a single check says, before its name and weight are put to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from processor.model import CheckResult, Finding, FindingState

_ORDER = (FindingState.NEW, FindingState.FLAKY, FindingState.FIXED, FindingState.UNCHANGED)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A check's result, its own score (0–100), one sentence for a person, and what it found."""

    result: CheckResult
    score: float
    summary: str
    findings: tuple[Finding, ...] = ()

    @classmethod
    def not_applicable(cls, reason: str) -> "Verdict":
        """Say that nothing in the change is for this check."""
        return cls(result=CheckResult.NOT_APPLICABLE, score=0, summary=reason)

    @classmethod
    def unavailable(cls, reason: str) -> "Verdict":
        """Say that the check applies and could not run."""
        return cls(result=CheckResult.UNAVAILABLE, score=0, summary=reason)


def in_state(findings: Sequence[Finding], state: FindingState) -> tuple[Finding, ...]:
    """Pick the findings in one state."""
    return tuple(finding for finding in findings if finding.state is state)


def all_or_nothing(findings: tuple[Finding, ...], *, summary_when_passed: str) -> Verdict:
    """Fail with score 0 on any new finding, else pass with 100; the first new finding becomes the summary."""
    new = in_state(findings, FindingState.NEW)
    if not new:
        return Verdict(
            result=CheckResult.PASSED,
            score=100,
            summary=with_note(summary_when_passed, findings),
            findings=findings,
        )
    rest = f" (and {len(new) - 1} more)" if len(new) > 1 else ""
    return Verdict(result=CheckResult.FAILED, score=0, summary=f"{new[0].message}{rest}", findings=findings)


def with_note(sentence: str, findings: Sequence[Finding]) -> str:
    """Add what a reader should know of a check that passed: failures that were there before, and flaky ones."""
    unchanged = len(in_state(findings, FindingState.UNCHANGED))
    flaky = len(in_state(findings, FindingState.FLAKY))
    notes = []
    if unchanged:
        notes.append(f"{unchanged} on the base commit already")
    if flaky:
        notes.append(f"{flaky} gone when run again")
    return f"{sentence}; {', '.join(notes)}" if notes else sentence


def in_reading_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Sort findings: new, flaky, fixed, unchanged; then by place."""
    return tuple(
        sorted(findings, key=lambda one: (_ORDER.index(one.state), one.path, one.line, one.key, one.message, one.risk))
    )
