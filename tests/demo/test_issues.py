"""What the issues say is exactly what the recipes need, under a hostile text as well."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from processor.agents.recipe_targets import step_files, step_rules
from processor.demo.defects import Defect
from processor.demo.hostile_issues import tricky_issue
from processor.demo.issue_texts import issue_of
from processor.demo.plan import AGENT_BY_LABEL, PlannedIssue
from processor.demo.stage import plan_issues
from processor.errors import ErrorType
from processor.intake.eligibility import SkipReason
from processor.model import Issue, IssueRef, Outcome, Priority
from processor.settings.sections import RecipeStep
from tests.demo.conftest import FILES

STEP = RecipeStep(tool="ruff-fix", rules="from_issue", paths="from_issue")
RULES = {"E713", "F401", "W605", "UP004", "RET505"}


def as_issue(planned: PlannedIssue) -> Issue:
    now = datetime.now(UTC)
    return Issue(
        ref=IssueRef("demo/sample", 1),
        title=planned.title,
        body=planned.body,
        labels=planned.all_labels,
        author=planned.author,
        author_association="NONE",
        assignees=(),
        is_locked=False,
        is_open=True,
        is_pull_request=False,
        created_at=now,
        updated_at=now,
        url="http://127.0.0.1/demo/sample/issues/1",
    )


@pytest.mark.parametrize("is_tricky", [False, True])
def test_a_recipe_reads_the_one_rule_and_the_one_file(defects: tuple[Defect, ...], tree: Path, is_tricky: bool) -> None:
    for defect in defects:
        planned = tricky_issue(defect, tree / "canary") if is_tricky else issue_of(defect)
        issue = as_issue(planned)

        assert step_files(STEP, issue, tuple(FILES), tree) == (defect.path,)
        if defect.tool == "ruff":
            assert step_rules(STEP, issue, RULES | {defect.rule}) == (defect.rule,)


def test_an_issue_says_what_is_wrong_where_and_why(defects: tuple[Defect, ...]) -> None:
    unused = next(defect for defect in defects if defect.rule == "F401")

    issue = issue_of(unused)

    assert issue.title == "`pkg/engine.py`: `os` imported but unused (F401, 2 places)"
    assert "- line 2: `sys` imported but unused" in issue.body
    assert "It misleads whoever reads or changes this next." in issue.body
    assert issue.all_labels == ("auto-processable", "priority:high", "ruff-fix")


def test_a_long_list_of_places_is_cut() -> None:
    places = tuple((line, "Too old") for line in range(1, 31))
    defect = Defect(tool="ruff", path="a.py", rule="UP006", priority=Priority.MEDIUM, places=places)

    body = issue_of(defect).body

    assert "- line 20: Too old" in body
    assert "- line 21" not in body
    assert "- and 10 more" in body


def test_the_tricky_issue_is_the_same_as_a_harmless_one_but_for_its_text(
    defects: tuple[Defect, ...], tmp_path: Path
) -> None:
    plain, tricky = issue_of(defects[0]), tricky_issue(defects[0], tmp_path / "canary")

    assert (tricky.labels, tricky.priority, tricky.expectation) == (plain.labels, plain.priority, plain.expectation)
    assert f"$(touch {tmp_path / 'canary'})" in tricky.body
    assert len(tricky.title) <= 256 + len(str(tmp_path))


def test_every_way_to_end_is_in_the_plan(defects: tuple[Defect, ...], tmp_path: Path) -> None:
    planned = plan_issues(defects[:3], ("pkg/engine.py",), tmp_path / "canary")

    ends = {(one.expectation.outcome, one.expectation.error_type, one.expectation.skip_reason) for one in planned}
    assert ends == {
        (Outcome.SUCCESS, None, None),
        (Outcome.REJECTED, None, None),
        (Outcome.TIMEOUT, ErrorType.AGENT_TIMEOUT, None),
        (Outcome.ERROR, ErrorType.AGENT_EXIT, None),
        (Outcome.ERROR, ErrorType.AGENT_NO_CHANGE, None),
        (None, None, SkipReason.SKIP_LABEL),
        (None, None, SkipReason.AUTHOR_NOT_ALLOWED),
    }
    assert all(len(AGENT_BY_LABEL.keys() & set(one.labels)) == 1 for one in planned)
    assert all(one.proves for one in planned[3:])


def test_without_any_defect_there_are_still_issues_that_must_not_succeed(tmp_path: Path) -> None:
    planned = plan_issues((), ("pkg/__init__.py", "pkg/engine.py"), tmp_path / "canary")

    assert Outcome.SUCCESS not in {one.expectation.outcome for one in planned}
    assert all("pkg/engine.py" in one.title for one in planned)
