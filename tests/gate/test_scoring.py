"""The score, the risk and the decision follow from what the checks said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.gate.scoring import report_on, risk_of, score_of
from processor.model import CheckReport, CheckResult, Finding, FindingState
from tests.gate.conftest import patient


def _check(
    result: CheckResult = CheckResult.PASSED,
    *,
    score: float = 100,
    weight: float = 10,
    is_required: bool = True,
    name: str = "tests",
    findings: tuple[Finding, ...] = (),
) -> CheckReport:
    return CheckReport(
        name=name,
        result=result,
        is_required=is_required,
        weight=weight,
        score=score,
        summary="2 tests failed",
        findings=findings,
    )


_checks = st.lists(
    st.builds(
        _check,
        st.sampled_from(CheckResult),
        score=st.floats(0, 100),
        weight=st.sampled_from([0.0, 1.0, 10.0, 15.5]),
        is_required=st.booleans(),
    ),
    max_size=8,
)


@patient
@given(checks=_checks)
def test_a_score_lies_between_0_and_100(checks: list[CheckReport]) -> None:
    assert 0 <= score_of(checks) <= 100


@patient
@given(checks=_checks)
def test_a_check_that_does_not_apply_drops_out(checks: list[CheckReport]) -> None:
    assert score_of([*checks, _check(CheckResult.NOT_APPLICABLE, score=0, weight=1000)]) == score_of(checks)


@patient
@given(checks=_checks, minimum=st.floats(0, 100))
def test_a_passed_change_has_no_refusal_and_a_rejected_one_says_why(checks: list[CheckReport], minimum: float) -> None:
    report = report_on(checks, minimum_score=minimum, security_threshold=5)
    refused = any(
        one.result is CheckResult.UNAVAILABLE or (one.is_required and one.result is CheckResult.FAILED)
        for one in checks
    )
    assert report.passed == (not report.reasons)
    if report.passed:
        assert not refused
        assert report.score >= minimum


@patient
@given(checks=_checks, worse=st.floats(0, 100))
def test_a_lower_score_of_one_check_never_raises_the_whole(checks: list[CheckReport], worse: float) -> None:
    better = [*checks, _check(score=100)]
    assert score_of([*checks, _check(score=worse)]) <= score_of(better)


def test_only_passed_checks_give_100() -> None:
    report = report_on([_check(), _check(weight=0)], minimum_score=70, security_threshold=5)
    assert (report.passed, report.score, report.reasons) == (True, 100, ())


def test_a_score_is_rounded_down_so_that_it_never_shows_the_bar_it_missed() -> None:
    report = report_on([_check(score=69.99)], minimum_score=70, security_threshold=5)
    assert report.score == 69.9
    assert report.reasons == ("the score of 69.9 is below minimum_score 70; points were lost by tests",)


def test_an_optional_failure_costs_points_alone() -> None:
    checks = [_check(weight=90), _check(CheckResult.FAILED, score=0, is_required=False)]
    report = report_on(checks, minimum_score=70, security_threshold=5)
    assert (report.passed, report.score) == (True, 90)


def test_a_required_failure_rejects_whatever_the_score() -> None:
    checks = [_check(weight=90), _check(CheckResult.FAILED, score=0)]
    assert report_on(checks, minimum_score=0, security_threshold=5).reasons == ("tests failed: 2 tests failed",)


def test_an_optional_check_that_could_not_run_rejects() -> None:
    checks = [_check(weight=90), _check(CheckResult.UNAVAILABLE, score=0, is_required=False)]
    assert report_on(checks, minimum_score=0, security_threshold=5).reasons == ("tests could not run: 2 tests failed",)


@pytest.mark.parametrize("checks", [[], [_check(CheckResult.NOT_APPLICABLE)]])
def test_a_change_that_no_check_looked_at_is_rejected(checks: list[CheckReport]) -> None:
    report = report_on(checks, minimum_score=0, security_threshold=5)
    assert report.reasons == ("no check applies to this change, so nobody has looked at it; enable a check",)


def test_only_new_security_findings_are_a_risk() -> None:
    old = Finding(key="k", message="m", risk=9, state=FindingState.UNCHANGED)
    new = Finding(key="k", message="m", risk=4, state=FindingState.NEW)
    report = report_on([_check(findings=(old, new))], minimum_score=0, security_threshold=5)
    assert (report.passed, report.risk) == (True, 4)


def test_a_risk_above_the_threshold_rejects() -> None:
    new = Finding(key="k", message="m", risk=9)
    report = report_on([_check(findings=(new,))], minimum_score=0, security_threshold=5)
    assert report.reasons == ("the risk of new security findings, 9 of 10, is above security_threshold 5",)


@pytest.mark.parametrize(
    ("risks", "risk"), [([], 0), ([2.0], 2), ([2.0, 2.0], 2.5), ([9.0, 1.0, 1.0], 10), ([9.0] * 20, 10)]
)
def test_the_risk_is_the_worst_and_half_a_point_for_each_further_one(risks: list[float], risk: float) -> None:
    assert risk_of(risks) == risk


@patient
@given(risks=st.lists(st.sampled_from([1.0, 1.6, 2.0, 2.5, 4.0, 5.0, 4.5, 7.2, 9.0]), max_size=30))
def test_a_further_finding_never_lowers_the_risk(risks: list[float]) -> None:
    assert risk_of(risks) <= risk_of([*risks, 1.0]) <= 10
