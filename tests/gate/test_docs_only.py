"""An issue about code is answered with code."""

import pytest

from processor.gate.built_in.docs_only import evasion, is_document
from processor.gate.changed_file import ChangedFile
from processor.model import CheckResult, Issue
from tests.gate.conftest import Project, make_issue, row

_CODE = make_issue("Cache the slow query", "It takes 9 s.\nWe want 1 s.\nUse an index.")


def _changed(path: str, before: str | None, after: str | None) -> ChangedFile:
    return ChangedFile(
        old_path=None if before is None else path,
        new_path=None if after is None else path,
        before=None if before is None else before.encode(),
        after=None if after is None else after.encode(),
    )


def test_a_copy_of_the_issue_as_markdown_is_rejected(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"docs/issue-83.md": f"# {_CODE.title}\n\n{_CODE.body}\n"})
    assert project.judge(issue=_CODE).reasons == (
        "docs_only failed: docs/issue-83.md is little more than a copy of the issue (and 1 more)",
    )


def test_a_copy_of_the_issue_is_rejected_even_beside_code(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.py": "x = 2\n", "NOTES.md": _CODE.body})
    assert not project.judge(issue=_CODE).passed


@pytest.mark.parametrize(
    ("issue", "path", "before"),
    [
        (_CODE, "docs/cache.md", None),
        (_CODE, "README.rst", "old\n"),
        (_CODE, "CHANGELOG", "old\n"),
        (make_issue("Crash on start", "See README.md for how we start it."), "OTHER.md", "old\n"),
        (make_issue("Upload fails", "A docs team member saw it. Write report.md."), "report.md", None),
    ],
)
def test_documentation_alone_does_not_answer_an_issue_about_code(issue: Issue, path: str, before: str | None) -> None:
    said = evasion(issue, (_changed(path, before, "new\n"),))
    assert said == f"the issue is about code and the change touches documentation alone ({path})"


@pytest.mark.parametrize(
    "issue",
    [
        make_issue("Cache the query", labels=("documentation",)),
        make_issue("Cache the query", labels=("type: docs",)),
        make_issue("Typo in the guide"),
        make_issue("Misspelled word in `a.md`"),
        make_issue("README の誤字を直す"),
        make_issue("Say how to cache", "The words in guide/a.md are wrong."),
    ],
)
def test_documentation_answers_an_issue_that_asks_for_it(issue: Issue) -> None:
    assert evasion(issue, (_changed("guide/a.md", "old\n", "new\n"),)) == ""


@pytest.mark.parametrize(
    ("path", "before", "after", "said"),
    [
        (
            "a.js",
            "f( 1 )\n",
            "f(1)\n\n",
            "the change touches white space alone, and the issue does not speak of layout",
        ),
        ("a.py", "x=1\n", "x = 1\n", "the change touches white space alone, and the issue does not speak of layout"),
        (
            "a.py",
            "x = 1\n",
            "# fast now\nx = 1\n",
            "the change touches comments and docstrings alone, and the issue is about code",
        ),
        (
            "a.py",
            "def f():\n    '''Old.'''\n    return 1\n",
            "def f():\n    '''New.'''\n    return 1\n",
            "the change touches comments and docstrings alone, and the issue is about code",
        ),
        ("a.py", "if x:\n    a()\nb()\n", "if x:\n    a()\n    b()\n", ""),
        ("a.py", "x = 1\n", "x = 2\n", ""),
        ("a.py", None, "x = 2\n", ""),
        ("a.py", "x = 2\n", None, ""),
    ],
)
def test_a_change_that_changes_nothing_does_not_answer(
    path: str, before: str | None, after: str | None, said: str
) -> None:
    assert evasion(_CODE, (_changed(path, before, after),)) == said


@pytest.mark.parametrize(
    "title", ["Trailing whitespace in `a.py` (W291, 3 places)", "Remove commented-out code (ERA001)", "空白を直す"]
)
def test_white_space_answers_an_issue_about_layout(title: str) -> None:
    assert evasion(make_issue(title), (_changed("a.py", "x=1 \n", "x = 1\n"),)) == ""


def test_a_change_of_mode_alone_is_more_than_white_space(project: Project) -> None:
    project.commit_base({"run.py": "x = 1\n"})
    (project.tree / "run.py").chmod(0o755)
    assert row(project.judge(), "docs_only").result is CheckResult.PASSED


def test_nothing_but_deleted_files_answers_only_an_issue_about_removing(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n", "b.py": "y = 1\n"})
    (project.tree / "a.py").unlink()
    assert project.judge(issue=_CODE).reasons[0] == (
        "docs_only failed: the change does nothing but delete files (a.py), and the issue does not speak of removing"
    )
    assert project.judge(issue=make_issue("Remove the unused module a")).passed


def test_a_change_far_from_what_the_issue_names_is_rejected(project: Project) -> None:
    project.commit_base({"src/query.py": "x = 1\n", "jobs/audit.py": "y = 1\n"})
    project.write({"jobs/audit.py": "y = 1\nreopen(pulls)\n"})
    issue = make_issue("Cache the slow query", "It is slow in src/query.py.")
    assert project.judge(issue=issue).reasons == (
        (
            "docs_only failed: the change is unrelated: the issue names src/query.py, "
            "and the change shares neither folder nor word with it"
        ),
    )


@pytest.mark.parametrize("changed", ["src/query.py", "src/index.py", "tests/query_speed.py"])
def test_a_change_near_what_the_issue_names_is_related(project: Project, changed: str) -> None:
    project.commit_base({"src/query.py": "x = 1\n"})
    project.write({changed: "x = 2\n"})
    assert project.judge(issue=make_issue("Cache the slow query", "It is slow in src/query.py.")).passed


@pytest.mark.parametrize(
    ("path", "is_documentation"),
    [
        ("README.md", True),
        ("LICENSE", True),
        ("docs/picture.png", True),
        ("docs/conf.py", False),
        ("app/picture.png", False),
        ("requirements-dev.txt", False),
        ("CMakeLists.txt", False),
        ("changes.py", False),
    ],
)
def test_documentation_is_told_by_its_name(path: str, *, is_documentation: bool) -> None:
    assert is_document(path) == is_documentation
