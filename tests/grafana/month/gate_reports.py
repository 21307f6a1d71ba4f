"""What the gate says of a change of a score: which checks failed, and which could not run."""

from processor.model import CheckReport, CheckResult, GateReport
from processor.settings.sections import BuiltInChecks

BUILT_IN = frozenset(BuiltInChecks.model_fields)
_NAMES = (*sorted(BUILT_IN), "our tests")
_BAR = 70


def gate_report(score: float, number: int) -> GateReport:
    """Make a report; under the bar one check failed, and in some numbers one was unavailable."""
    results = dict.fromkeys(_NAMES, CheckResult.PASSED)
    if number % 60 == 1:
        results[_NAMES[number % 3]] = CheckResult.UNAVAILABLE
    if score < _BAR:
        results[_NAMES[number % len(_NAMES)]] = CheckResult.FAILED
    checks = tuple(
        CheckReport(name=name, result=result, is_required=False, weight=10, score=80, summary="looked at")
        for name, result in results.items()
    )
    return GateReport(
        passed=score >= _BAR, score=score, minimum_score=_BAR, risk=0, security_threshold=5, checks=checks
    )
