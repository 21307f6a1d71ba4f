"""What the gate says of a change of a score: which checks failed, and which could not run."""

from processor.model import CheckReport, CheckResult, Finding, FindingState, GateReport
from processor.settings.sections import BuiltInChecks

BUILT_IN = frozenset(BuiltInChecks.model_fields)
_NAMES = (*sorted(BUILT_IN), "our tests")
_BAR = 70


def _findings(result: CheckResult, number: int) -> tuple[Finding, ...]:
    """Find something new where a check failed; elsewhere, now and then, what was there, is gone, or comes and goes."""
    if result is CheckResult.FAILED:
        return (Finding(key="E1", message="wrong", state=FindingState.NEW),)
    others = (FindingState.UNCHANGED, FindingState.FIXED, FindingState.FLAKY)
    return tuple(Finding(key=state, message="wrong", state=state) for state in others[: number % 4])


def gate_report(score: float, number: int) -> GateReport:
    """Make a report; under the bar one check failed, and in some numbers one was unavailable."""
    results = dict.fromkeys(_NAMES, CheckResult.PASSED)
    if number % 60 == 1:
        results[_NAMES[number % 3]] = CheckResult.UNAVAILABLE
    if score < _BAR:
        results[_NAMES[number % len(_NAMES)]] = CheckResult.FAILED
    checks = tuple(
        CheckReport(
            name=name, result=result, is_required=False, weight=10, score=80, summary="looked at",
            findings=_findings(result, number),
        )
        for name, result in results.items()
    )  # fmt: skip
    return GateReport(
        passed=score >= _BAR, score=score, minimum_score=_BAR, risk=0, security_threshold=5, checks=checks
    )
