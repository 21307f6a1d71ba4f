"""New security findings are weighed; old ones and what suppresses them are not."""

import pytest

from processor.model import CheckResult, FindingState
from tests.gate.conftest import Project, row

_SHELL = "import subprocess\nsubprocess.call(line, shell=True)\n"


def test_a_risk_above_the_threshold_is_rejected(project: Project) -> None:
    project.commit_base({"a.py": "line = 'x'\n"})
    project.write({"a.py": f"line = 'x'\n{_SHELL}"})
    report = project.judge()
    assert report.risk == 9.5
    assert report.reasons == (
        (
            "security failed: 2 new findings with a risk of 9.5 of 10 in all, above security_threshold 5; "
            "worst: B602 subprocess call with shell=True identified, security issue. in a.py line 3"
        ),
    )


def test_a_risk_above_the_threshold_is_rejected_although_the_check_is_optional(project: Project) -> None:
    project.commit_base({"a.py": "line = 'x'\n"})
    project.write({"a.py": f"line = 'x'\n{_SHELL}"})
    report = project.judge({"built_in": {"security": {"required": False, "weight": 1}}})
    assert report.reasons == ("the risk of new security findings, 9.5 of 10, is above security_threshold 5",)


def test_the_threshold_is_the_operators(project: Project) -> None:
    project.commit_base({"a.py": "line = 'x'\n"})
    project.write({"a.py": f"line = 'x'\n{_SHELL}"})
    report = project.judge({"security_threshold": 9.5, "minimum_score": 80})
    assert report.passed
    assert row(report, "security").score == 5


def test_a_comment_cannot_switch_the_check_off(project: Project) -> None:
    project.commit_base({"a.py": "line = 'x'\n"})
    project.write(
        {
            "a.py": "import subprocess\nsubprocess.call(line, shell=True)  # nosec\n",
            ".bandit": "[bandit]\nskips: B602\n",
        }
    )
    assert row(project.judge(), "security").result is CheckResult.FAILED


def test_findings_of_the_base_commit_are_no_risk(project: Project) -> None:
    project.commit_base({"a.py": _SHELL})
    project.write({"a.py": f"# moved down\n\n{_SHELL}x = 1\n"})
    report = project.judge()
    assert (report.passed, report.risk) == (True, 0)
    assert {one.state for one in row(report, "security").findings} == {FindingState.UNCHANGED}


def test_a_finding_that_goes_is_fixed(project: Project) -> None:
    project.commit_base({"a.py": _SHELL})
    project.write({"a.py": "import subprocess\nsubprocess.call([line])\n"})
    states = {one.message.split()[0]: one.state for one in row(project.judge(), "security").findings}
    assert states["B602"] is FindingState.FIXED


@pytest.mark.parametrize(
    ("line", "risk"),
    [("import telnetlib", 9), ("assert line", 2), ("x = eval(line)", 5), ("import pickle", 2)],
)
def test_risk_is_severity_times_confidence(project: Project, line: str, risk: float) -> None:
    project.commit_base({"a.py": "line = 'x'\n"})
    project.write({"a.py": f"line = 'x'\n{line}\n"})
    assert project.judge().risk == risk


def test_asserts_in_tests_are_no_risk(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"tests/test_a.py": "def test_x():\n" + "    assert run() == 1\n" * 20})
    assert project.judge().risk == 0


def test_a_password_that_bandit_quotes_is_not_shown(project: Project) -> None:
    project.commit_base({"tests/test_a.py": "x = 1\n"})
    project.write({"tests/test_a.py": "x = 1\npassword = 'swordfish'\n"})
    report = project.judge()
    assert report.risk == 1.6
    assert "swordfish" not in repr(report)


def test_python_that_bandit_cannot_read_is_of_the_highest_risk(project: Project) -> None:
    project.commit_base({"a.py": "print 'x'\n"})
    project.write({"a.py": "print 'y'\n"})
    assert project.judge().reasons == (
        (
            "security failed: 1 new finding with a risk of 9 of 10 in all, above security_threshold 5; "
            "worst: a.py cannot be scanned, for it cannot be parsed"
        ),
    )


def test_a_change_without_python_has_no_risk(project: Project) -> None:
    project.commit_base({"a.js": "f()\n"})
    project.write({"a.js": "g()\n"})
    assert row(project.judge(), "security").result is CheckResult.NOT_APPLICABLE
