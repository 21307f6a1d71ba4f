"""Programs judge the change against its base commit."""

import sys
from typing import Any

import pytest

from processor.model import CheckResult, Finding, FindingState
from tests.gate.conftest import Project, git, row

_LINT = {"name": "lint", "argv": ["sh", "lint.sh", "{files}"], "languages": ["txt"], "findings": "lines"}
_LINT_PROGRAM = 'grep -n BAD "$@" /dev/null && exit 1\nexit 0\n'
#: Loading plugins that no test of the fixtures uses would take most of the time.
_PYTEST = ["env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", sys.executable, "-m", "pytest", "-q"]
_TESTS = {"name": "tests", "argv": _PYTEST, "findings": "pytest"}


def _judge(project: Project, *checks: dict[str, Any], **rest: Any) -> Any:
    return project.judge({"checks": list(checks)}, **rest)


def _by_key(findings: tuple[Finding, ...]) -> dict[str, FindingState]:
    return {one.key: one.state for one in findings}


def test_lines_are_new_fixed_or_unchanged(project: Project) -> None:
    project.commit_base({"lint.sh": _LINT_PROGRAM, "a.txt": "BAD one\nBAD two\n"})
    project.write({"a.txt": "fine\nfine\nBAD two\nBAD three\n", "b.py": "x = 1\n"})
    check = row(_judge(project, _LINT), "lint")
    assert _by_key(check.findings) == {
        "a.txt::BAD three": FindingState.NEW,
        "a.txt::BAD one": FindingState.FIXED,
        "a.txt::BAD two": FindingState.UNCHANGED,
    }
    assert (check.result, check.score, check.summary) == (CheckResult.FAILED, 80, "a.txt:4:BAD three")


def test_failures_of_the_base_commit_do_not_lower_the_score(project: Project) -> None:
    project.commit_base({"lint.sh": _LINT_PROGRAM, "a.txt": "BAD one\n", "b.py": "x = 1\n"})
    project.write({"a.txt": "fine\nBAD one\n", "b.py": "x = 2\n"})
    report = _judge(project, _LINT)
    assert (report.passed, report.score) == (True, 100)
    assert row(report, "lint").summary == "no new complaint; 1 on the base commit already"


def test_a_failure_follows_its_file_to_the_new_name(project: Project) -> None:
    project.commit_base({"lint.sh": _LINT_PROGRAM, "old.txt": "BAD one\nmore\nmore\nmore\n", "b.py": "x = 1\n"})
    (project.tree / "old.txt").rename(project.tree / "new.txt")
    project.write({"b.py": "x = 2\n"})
    assert _by_key(row(_judge(project, _LINT), "lint").findings) == {"new.txt::BAD one": FindingState.UNCHANGED}


def test_a_check_of_other_languages_drops_out(project: Project) -> None:
    project.commit_base({"lint.sh": "exit 1\n", "b.py": "x = 1\n"})
    project.write({"b.py": "x = 2\n"})
    report = _judge(project, _LINT)
    assert row(report, "lint").result is CheckResult.NOT_APPLICABLE
    assert (report.passed, report.score, project.base_calls) == (True, 100, [])


def test_a_check_whose_files_are_all_deleted_drops_out(project: Project) -> None:
    project.commit_base({"lint.sh": "exit 1\n", "a.txt": "x\n", "b.py": "x = 1\n"})
    (project.tree / "a.txt").unlink()
    project.write({"b.py": "x = 2\n"})
    assert row(_judge(project, _LINT), "lint").result is CheckResult.NOT_APPLICABLE


def test_an_exit_code_that_was_there_before_passes_with_a_note(project: Project) -> None:
    project.commit_base({"b.py": "x = 1\n"})
    project.write({"b.py": "x = 2\n"})
    report = _judge(project, {"name": "build", "argv": ["sh", "-c", "echo broken; exit 3"]})
    assert report.passed
    assert row(report, "build").summary == "no new complaint; 1 on the base commit already"


def test_a_new_exit_code_is_rejected(project: Project) -> None:
    project.commit_base({"build.sh": "exit 0\n", "b.py": "x = 1\n"})
    project.write({"build.sh": "echo broken; exit 3\n", "b.py": "x = 2\n"})
    report = _judge(project, {"name": "build", "argv": ["sh", "build.sh"]})
    assert report.reasons == ("build failed: exit code 3: broken",)


def test_tests_are_new_fixed_unchanged_or_flaky(project: Project) -> None:
    flaky = (
        "import pathlib\n\ndef test_flaky():\n    seen = pathlib.Path('../output/seen')\n    was = seen.exists()\n"
        "    seen.touch()\n    assert was\n"
    )
    old = (
        "def test_old():\n    assert 1 == 2\n\ndef test_mended():\n    assert {}\n\ndef test_broken():\n    assert {}\n"
    )
    project.commit_base({"test_a.py": old.format("f()", "True or f()").replace("f()", "1 == 2")})
    project.write(
        {
            "test_a.py": old.format("f() is None", "f()").replace("f()", "print('x')"),
            "test_flaky.py": flaky,
            "b.py": "x = 1\n",
        }
    )
    check = row(_judge(project, _TESTS, security={"sandbox": "off"}), "tests")
    assert _by_key(check.findings) == {
        "test_a.py::test_old": FindingState.UNCHANGED,
        "test_a.py::test_mended": FindingState.FIXED,
        "test_a.py::test_broken": FindingState.NEW,
        "test_flaky.py::test_flaky": FindingState.FLAKY,
    }
    assert (check.result, check.score) == (CheckResult.FAILED, 0)


def test_a_check_that_mends_the_change_is_refused_and_the_next_one_is_not_blamed(project: Project) -> None:
    project.commit_base({"mend.sh": "exit 0\n", "a.txt": "fine\n", "b.txt": "x\n"})
    project.write({"a.txt": "fine\nBAD\n", "b.txt": "y\n"})
    mend = {"name": "mend", "argv": ["sh", "-c", "sed -i /BAD/d a.txt; touch b.txt; echo > build.log"]}
    report = _judge(project, mend, {"name": "look", "argv": ["true"]})
    check = row(report, "mend")
    assert (check.result, report.passed) == (CheckResult.UNAVAILABLE, False)
    assert check.summary == (
        "it rewrote a.txt, a file of the change; a check must only look: "
        "take the option that mends, such as --fix, out of its argv"
    )
    assert row(report, "look").result is CheckResult.PASSED


@pytest.mark.parametrize("program", ["rm a.txt", "rm a.txt; mkfifo a.txt", "mv a.txt c.txt; ln -s c.txt a.txt"])
def test_a_check_that_takes_a_file_of_the_change_away_is_refused(project: Project, program: str) -> None:
    project.commit_base({"a.txt": "x\n"})
    project.write({"a.txt": "y\n"})
    report = _judge(project, {"name": "tidy", "argv": ["sh", "-c", program]})
    assert row(report, "tidy").summary.startswith("it rewrote a.txt")


def test_a_flaky_failure_alone_does_not_reject(project: Project) -> None:
    project.commit_base({"b.py": "x = 1\n"})
    project.write({"b.py": "x = 2\n"})
    program = "test -e ../output/seen && exit 0; touch ../output/seen; exit 1"
    check = {"name": "build", "argv": ["sh", "-c", program]}
    project.cache.put("octo/hello", project.base_commit, "other", ())
    report = _judge(project, check, security={"sandbox": "off"}, main={"use_cache": False})
    assert report.passed
    assert row(report, "build").summary == "no new complaint; 1 gone when run again"


@pytest.mark.parametrize(
    ("findings", "program"),
    [
        ("exit_code", "test -e ../output/seen && exit 7; touch ../output/seen; exit 8"),
        ("lines", "echo broken in $(mktemp -u); exit 1"),
        ("lines", "echo a.py:1: bad name $(mktemp -u); exit 1"),
    ],
)
def test_a_complaint_in_other_words_the_second_time_is_not_flaky(project: Project, findings: str, program: str) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.py": "x = 2\n"})
    argv = ["sh", "-c", f"grep -q 1 a.py && exit 0; {program}"]
    check = {"name": "build", "argv": argv, "findings": findings}
    report = _judge(project, check, security={"sandbox": "off"})
    assert not report.passed
    assert [one.state for one in row(report, "build").findings] == [FindingState.NEW]


def test_a_complaint_that_has_other_words_every_time_and_was_there_before_is_unchanged(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.py": "x = 2\n"})
    check = {"name": "build", "argv": ["sh", "-c", "echo broken in $(mktemp -u); exit 1"], "findings": "lines"}
    report = _judge(project, check)
    assert report.passed
    assert [one.state for one in row(report, "build").findings] == [FindingState.UNCHANGED]


def test_a_test_that_writes_what_it_compares_with_is_not_flaky_and_earlier_checks_keep_theirs(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.py": "x = 2\n"})
    program = "test -e modules/one || exit 127; grep -q 1 a.py || test -e made/it || { mkdir made; >made/it; exit 1; }"
    install = {"name": "install", "argv": ["sh", "-c", "mkdir modules; touch modules/one"]}
    report = _judge(project, install, {"name": "build", "argv": ["sh", "-c", program]})
    assert report.reasons == ("build failed: exit code 1",)


def test_a_module_that_cannot_be_imported_does_not_hide_other_tests(project: Project) -> None:
    project.commit_base(
        {"test_old.py": "import no_such_module\n", "test_a.py": "def test_x():\n    assert len('a') == 1\n"}
    )
    project.write({"test_a.py": "def test_x():\n    assert len('a') == 2\n"})
    check = row(_judge(project, _TESTS), "tests")
    assert _by_key(check.findings) == {
        "test_old.py": FindingState.UNCHANGED,
        "test_a.py::test_x": FindingState.NEW,
    }


def test_a_test_that_ends_pytest_is_no_success(project: Project) -> None:
    project.commit_base({"test_a.py": "def test_x():\n    assert len('a') == 1\n"})
    project.write({"test_a.py": "import os\n\ndef test_x():\n    os._exit(0)\n"})
    assert _judge(project, _TESTS).reasons == (
        "tests failed: pytest ended before its summary, as if a test had ended the process",
    )


def test_the_base_commit_is_asked_once(project: Project) -> None:
    project.commit_base({"lint.sh": _LINT_PROGRAM, "a.txt": "BAD one\n"})
    project.write({"a.txt": "BAD one\nfine\n"})
    first = _judge(project, _LINT)
    second = _judge(project, _LINT)
    assert len(project.base_calls) == 1
    assert row(first, "lint").findings == row(second, "lint").findings


@pytest.mark.parametrize("change", [{"argv": ["sh", "-e", "lint.sh", "{files}"]}, {"findings": "exit_code"}])
def test_a_check_with_other_settings_is_asked_anew(project: Project, change: dict[str, Any]) -> None:
    project.commit_base({"lint.sh": _LINT_PROGRAM, "a.txt": "BAD one\n"})
    project.write({"a.txt": "BAD one\nfine\n"})
    _judge(project, _LINT)
    _judge(project, _LINT | change)
    assert len(project.base_calls) == 2


def test_without_the_cache_the_base_commit_is_asked_every_time(project: Project) -> None:
    project.commit_base({"lint.sh": _LINT_PROGRAM, "a.txt": "BAD one\n"})
    project.write({"a.txt": "BAD one\nfine\n"})
    _judge(project, _LINT, main={"use_cache": False})
    _judge(project, _LINT, main={"use_cache": False})
    assert (len(project.base_calls), project.cache.kept) == (2, {})


def test_checks_leave_no_caches_in_the_worktree(project: Project) -> None:
    project.commit_base({"a.py": "def f():\n    return 1\n"})
    project.write({"test_a.py": "from a import f\n\n\ndef test_f():\n    assert f() == 1\n"})
    ruff = {"name": "ruff", "argv": ["ruff", "check", "{files}"], "languages": ["py"], "findings": "lines"}
    assert _judge(project, _TESTS, ruff).passed
    assert git(project.tree, "status", "--porcelain", "--ignored") == "A  test_a.py\n"
    assert sorted(path.suffix for path in project.output.iterdir()) == [".log"] * 3


def test_a_check_sees_no_token_and_its_own_variables(project: Project) -> None:
    project.commit_base({"b.py": "x = 1\n"})
    project.write({"b.py": "x = 2\n"})
    token = "made-up-token-0001"
    environ = {"PATH": "/usr/bin:/bin", "GITHUB_TOKEN": token, "LANG": token, "TZ": "UTC", "OTHER": "x"}
    _judge(project, {"name": "env", "argv": ["env"]}, environ=environ)
    seen = dict(
        line.split("=", 1) for line in (project.output / "gate-env-change.log").read_text().splitlines() if "=" in line
    )
    assert token not in seen.values()
    assert (seen["TZ"], seen["AIP_RUN_ID"], "OTHER" in seen) == ("UTC", "run-1", False)


def test_the_repositorys_own_checks_are_added(project: Project) -> None:
    project.commit_base({"b.py": "x = 1\n"})
    project.write({"b.py": "x = 2\n"})
    own = {
        "checks": [{"name": "build", "argv": ["true"], "weight": 3}, {"name": "more", "argv": ["true"]}],
        "built_in": {"syntax": {"weight": 1}, "stubs": {"enabled": False}},
    }
    report = project.judge(
        {"checks": [{"name": "build", "argv": ["false"]}], "repositories": {"octo/hello": own, "octo/else": {}}}
    )
    assert [(one.name, one.weight) for one in report.checks] == [
        ("syntax", 1),
        ("diff_size", 10),
        ("protected_paths", 10),
        ("secrets", 15),
        ("docs_only", 10),
        ("security", 15),
        ("build", 3),
        ("more", 10),
    ]
