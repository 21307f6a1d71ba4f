"""Turn what the checks said into a score, a risk, and a yes or no with its reasons."""

import math
from collections.abc import Sequence

from processor.gate.verdict import in_state
from processor.model import CheckReport, CheckResult, FindingState, GateReport

_HIGHEST_RISK = 10.0


def risk_of(risks: Sequence[float]) -> float:
    """Give the risk, 0–10, of new security findings: the worst one, and half a point for each further one."""
    if not risks:
        return 0.0
    return min(_HIGHEST_RISK, max(risks) + 0.5 * (len(risks) - 1))


def score_of(checks: Sequence[CheckReport]) -> float:
    """Give the weighted mean, 0–100, of the checks that apply, rounded down to a tenth.

    One that could not run counts 0. When all weights are 0 each counts the same; 0 when no check applies.
    """
    applicable = [check for check in checks if check.result is not CheckResult.NOT_APPLICABLE]
    if not applicable:
        return 0.0
    weights = [check.weight for check in applicable]
    if not any(weights):
        weights = [1.0] * len(applicable)
    points = math.fsum(weight * _points(check) for weight, check in zip(weights, applicable, strict=True))
    # Down, and the same number is compared and shown: 69.96 must not be shown as 70 and refused at 70.
    return math.floor(points / math.fsum(weights) * 10 + 1e-6) / 10


def report_on(checks: Sequence[CheckReport], *, minimum_score: float, security_threshold: float) -> GateReport:
    """Decide: every required check held, nothing was unavailable, score and risk are within their limits."""
    score = score_of(checks)
    risk = risk_of(
        [finding.risk for check in checks for finding in in_state(check.findings, FindingState.NEW) if finding.risk]
    )
    reasons = [_reason(check) for check in checks if _refuses(check)]
    if all(check.result is CheckResult.NOT_APPLICABLE for check in checks):
        reasons.append("no check applies to this change, so nobody has looked at it; enable a check")
    elif score < minimum_score:
        reasons.append(f"the score of {score:g} is below minimum_score {minimum_score:g}{_losses(checks)}")
    is_told = any(_refuses(check) and any(one.risk for one in check.findings) for check in checks)
    if risk > security_threshold and not is_told:
        reasons.append(
            f"the risk of new security findings, {risk:g} of 10, is above security_threshold {security_threshold:g}"
        )
    return GateReport(
        passed=not reasons,
        score=score,
        minimum_score=minimum_score,
        risk=risk,
        security_threshold=security_threshold,
        checks=tuple(checks),
        reasons=tuple(reasons),
    )


def _points(check: CheckReport) -> float:
    return 0.0 if check.result is CheckResult.UNAVAILABLE else min(100.0, max(0.0, check.score))


def _refuses(check: CheckReport) -> bool:
    if check.result is CheckResult.UNAVAILABLE:
        return True
    return check.is_required and check.result is CheckResult.FAILED


def _reason(check: CheckReport) -> str:
    if check.result is CheckResult.UNAVAILABLE:
        return f"{check.name} could not run: {check.summary}"
    return f"{check.name} failed: {check.summary}"


def _losses(checks: Sequence[CheckReport]) -> str:
    lost = [check.name for check in checks if check.result is not CheckResult.NOT_APPLICABLE and _points(check) < 100]
    return f"; points were lost by {', '.join(lost)}" if lost else ""
