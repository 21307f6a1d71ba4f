"""Files that their language cannot parse are refused, unless they were so before."""

import pytest

from processor.model import CheckResult, FindingState
from tests.gate.conftest import Project, row


@pytest.mark.parametrize(
    ("name", "good", "bad", "said"),
    [
        ("a.py", "x = 1\n", "x = (\n", "a.py line 1 cannot be parsed: '(' was never closed"),
        ("b.py", "x = 1\n", "x = 1\nreturn x\n", "b.py line 2 cannot be parsed: 'return' outside function"),
        (
            "tool",
            "#!/usr/bin/env python3\nx = 1\n",
            "#!/usr/bin/env python3\nx = \n",
            "tool line 2 cannot be parsed: invalid syntax",
        ),
        (
            "c.json",
            "{}",
            '{"a": 1,\n}',
            "c.json line 2 cannot be parsed: Expecting property name enclosed in double quotes",
        ),
        ("d.yaml", "a: 1\n", "a: [1\nb: 2\n", "d.yaml line 2 cannot be parsed: did not find expected ',' or ']'"),
        ("e.yml", "a: &x 1\nb: *x\n", "b: *x\n", "e.yml line 1 cannot be parsed: an alias names no anchor"),
        (
            "f.toml",
            "a = 1\n",
            "a = 1\nb\n",
            "f.toml line 2 cannot be parsed: Expected '=' after a key in a key/value pair (at line 2, column 2)",
        ),
    ],
)
def test_a_file_that_no_longer_parses_is_refused(project: Project, name: str, good: str, bad: str, said: str) -> None:
    project.commit_base({name: good})
    project.write({name: bad})
    report = project.judge()
    assert f"syntax failed: {said}" in report.reasons


def test_a_file_that_never_parsed_may_stay_so(project: Project) -> None:
    project.commit_base({"data/broken.json": '{"a": 1,}'})
    project.write({"data/broken.json": '{"b": 1,}'})
    report = project.judge()
    assert report.passed
    assert row(report, "syntax").summary == "1 file can be parsed; 1 on the base commit already"


def test_mending_a_broken_file_is_shown_as_fixed(project: Project) -> None:
    project.commit_base({"data/broken.json": '{"a": 1,}'})
    project.write({"data/broken.json": '{"a": 1}'})
    assert [one.state for one in row(project.judge(), "syntax").findings] == [FindingState.FIXED]


def test_a_broken_file_under_a_new_name_is_the_same_broken_file(project: Project) -> None:
    project.commit_base({"old.json": '{"a": 1,}\n' * 20})
    (project.tree / "old.json").rename(project.tree / "new.json")
    assert project.judge().passed


def test_nothing_of_a_file_is_executed(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.py": "x = 1\nopen('ran', 'w').close()\n", "b.yaml": "!!python/object/apply:os.mkdir [ran]\n"})
    project.judge()
    assert not (project.tree / "ran").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.py", "x = " + "-" * 100_000 + "1\n"),
        ("deep.json", "[" * 100_000),
        ("deep.yaml", "[" * 200_000),
        ("deep.toml", "a = " + "[" * 100_000),
    ],
)
def test_a_file_too_deep_to_be_parsed_cannot_be_judged(project: Project, name: str, content: str) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({name: content})
    report = project.judge()
    assert row(report, "syntax").result is CheckResult.UNAVAILABLE
    assert not report.passed


def test_files_with_comments_by_custom_and_templates_are_left_alone(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"tsconfig.json": "{} // ok", "chart/templates/x.yaml": "{{- if .Values.x }}\na: 1\n{{- end }}\n"})
    assert row(project.judge(), "syntax").result is CheckResult.NOT_APPLICABLE
