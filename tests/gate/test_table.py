"""The report as a pull request shows it, and as the ledger keeps it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.errors import GateToolError
from processor.gate import render_gate_table, report_from_json, report_to_json
from processor.gate.scoring import report_on
from processor.model import CheckReport, CheckResult, Finding, FindingState, GateReport
from tests.gate.conftest import patient

_GOLDEN = Path(__file__).parent.parent / "testdata" / "gate" / "table.md"


def _check(name: str, result: CheckResult, *findings: Finding, **rest: object) -> CheckReport:
    values = {"is_required": True, "weight": 10.0, "score": 100.0, "summary": "fine"} | rest
    return CheckReport(name=name, result=result, findings=findings, **values)  # type: ignore[arg-type]


def _report(*checks: CheckReport) -> GateReport:
    return report_on(checks, minimum_score=70, security_threshold=5)


def _finding(state: FindingState, message: str, path: str = "src/a.py", line: int = 3, risk: float = 0) -> Finding:
    return Finding(key=message, message=message, path=path, line=line, state=state, risk=risk)


def test_the_table_reads_as_a_reviewer_expects_it() -> None:
    report = _report(
        _check("syntax", CheckResult.PASSED, weight=30.0),
        _check(
            "security",
            CheckResult.PASSED,
            _finding(FindingState.NEW, "B404 think twice", risk=2),
            score=80.0,
            weight=15.0,
        ),
        _check(
            "tests",
            CheckResult.FAILED,
            _finding(FindingState.NEW, "tests/a.py::test_x failed: `1` | 2", "tests/a.py", 0),
            _finding(FindingState.FLAKY, "tests/a.py::test_y failed", "tests/a.py", 0),
            _finding(FindingState.FIXED, "gone"),
            _finding(FindingState.UNCHANGED, "as ever"),
            score=0,
            summary="tests/a.py::test_x failed: `1` | 2",
        ),
        _check("lint", CheckResult.NOT_APPLICABLE, is_required=False, weight=2.5),
        _check("build", CheckResult.UNAVAILABLE, summary="it ran past its limit of 3 s"),
    )
    assert render_gate_table(report) == _GOLDEN.read_text(encoding="utf-8")


def test_long_lists_are_cut_and_say_so() -> None:
    report = _report(_check("lint", CheckResult.FAILED, *(_finding(FindingState.NEW, f"m{n}") for n in range(25))))
    assert "\n- and 5 more\n" in render_gate_table(report)


_hostile = st.text(st.characters(codec="utf-8") | st.sampled_from("`|\n\r<>@#*_[]()!\\\u202e\u2028"), max_size=300)


@patient
@given(text=_hostile)
def test_no_text_leaves_its_code_span(text: str) -> None:
    shown = render_gate_table(
        _report(_check("lint", CheckResult.FAILED, _finding(FindingState.NEW, text), summary=text))
    )
    lines = shown.splitlines()
    assert sum(line.startswith("|") for line in lines) == 3
    listed = [line for line in lines if line.startswith("- ")]
    for line in listed:
        span = re.sub(r"^- (`lint`: )?", "", line)
        fence = re.match("`+", span)
        assert fence is not None
        assert span.endswith(fence[0])
        assert fence[0] not in re.findall("`+", span[len(fence[0]) : -len(fence[0])])
    assert len(listed) == 2
    assert shown.isprintable() or set(shown) - {"\n"} == {one for one in shown if one.isprintable()}


def test_a_reference_in_a_finding_closes_no_issue() -> None:
    text = "Fixes #5 @octo <img src=x> | a `b` c"
    shown = render_gate_table(_report(_check("lint", CheckResult.FAILED, _finding(FindingState.NEW, text), score=0)))
    assert "- `lint`: ``src/a.py:3: Fixes #5 @octo <img src=x> | a `b` c``\n" in shown


_findings = st.builds(
    Finding,
    key=st.text(max_size=20),
    message=st.text(max_size=20),
    path=st.text(max_size=20),
    line=st.integers(0, 10**6),
    state=st.sampled_from(FindingState),
    risk=st.floats(0, 9),
)
_checks = st.builds(
    CheckReport,
    name=st.text(max_size=9),
    result=st.sampled_from(CheckResult),
    is_required=st.booleans(),
    weight=st.floats(0, 100),
    score=st.floats(0, 100),
    summary=st.text(max_size=20),
    findings=st.lists(_findings, max_size=3).map(tuple),
    duration_seconds=st.floats(0, 1000),
)


@patient
@given(checks=st.lists(_checks, max_size=3))
def test_what_is_kept_is_read_back_as_it_was(checks: list[CheckReport]) -> None:
    report = _report(*checks)
    assert report_from_json(report_to_json(report)) == report


def test_a_name_that_is_no_utf_8_can_be_kept() -> None:
    report = _report(_check("lint", CheckResult.FAILED, _finding(FindingState.NEW, "m", "\udcff.py")))
    report_to_json(report).encode("ascii")
    render_gate_table(report).encode("utf-8")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", json.dumps({"checks": [{}]}), '{"checks": [], "reasons": [], "x": 1}']
)
def test_a_text_that_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(GateToolError, match="a stored gate report cannot be read"):
        report_from_json(text)
