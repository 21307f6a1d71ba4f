"""The verdict finds everything that is not as it should be, and nothing else."""

from dataclasses import replace

import pytest

from processor.demo.evidence import Evidence, PullFacts
from processor.demo.plan import SUCCESS, Expectation, PlannedIssue
from processor.demo.progress import IssueState
from processor.demo.result import DemoResult, IssueResult, as_object, totals
from processor.demo.verdict import general_problems, issue_problems
from processor.errors import ErrorType
from processor.intake.eligibility import SkipReason
from processor.ledger.records import RunRecord
from processor.model import IssueRef, Outcome, Priority, RunState

REF = IssueRef("demo/sample", 7)
RUN = RunRecord(
    run_id="7-abc",
    ref=REF,
    sequence=1,
    title="a title",
    priority=Priority.HIGH,
    issue_created_at=1.0,
    branch="auto-fix/issue-7",
    state=RunState.FINISHED,
    phase=None,
    is_dry_run=False,
    is_forced=False,
    is_canary=False,
    requested_by="poll",
    previous_pull_request=None,
    discovered_at=1.0,
    queued_at=1.0,
    released_at=1.0,
    started_at=2.0,
    finished_at=4.5,
    released_by="demo",
    executed_by="demo",
    cancel_requested_at=None,
    cancel_requested_by=None,
    attempts=1,
    agent="ruff",
    base_commit="a" * 40,
    base_branch="main",
    commit_sha="b" * 40,
    gate_passed=True,
    gate_score=92.0,
    agent_summary=None,
    pull_request=12,
    pull_request_url="http://127.0.0.1/demo/sample/pull/12",
    outcome=Outcome.SUCCESS,
    error_type=None,
    error_message=None,
    is_dead_letter=False,
)
FAILED = replace(
    RUN,
    outcome=Outcome.ERROR,
    error_type=ErrorType.AGENT_EXIT,
    error_message="it fell over",
    pull_request=None,
    pull_request_url=None,
    gate_score=None,
)
PULL = PullFacts(number=12, branch="auto-fix/issue-7", is_open=True, is_draft=True, closes=frozenset({7}))
GOOD = Evidence(pulls=(PULL,), branches=frozenset({"main", "auto-fix/issue-7"}), is_main_untouched=True)
NOTHING = Evidence(pulls=(), branches=frozenset({"main"}), is_main_untouched=True)
SKIPPED = Expectation(skip_reason=SkipReason.SKIP_LABEL)
FAILURE = Expectation(outcome=Outcome.ERROR, error_type=ErrorType.AGENT_EXIT, attempts=2)


def planned(expectation: Expectation = SUCCESS) -> PlannedIssue:
    return PlannedIssue(title="a title", body="", priority=Priority.HIGH, labels=(), expectation=expectation)


@pytest.mark.parametrize(
    ("state", "expectation", "evidence"),
    [
        (IssueState(ref=REF, run=RUN), SUCCESS, GOOD),
        (IssueState(ref=REF, run=replace(FAILED, attempts=2)), FAILURE, NOTHING),
        (IssueState(ref=REF, skip_reason="skip_label"), SKIPPED, NOTHING),
    ],
)
def test_what_is_as_it_should_be_is_no_problem(state: IssueState, expectation: Expectation, evidence: Evidence) -> None:
    assert issue_problems(state, planned(expectation), evidence) == ()
    assert general_problems(evidence, 9) == ()


@pytest.mark.parametrize(
    ("state", "expectation", "evidence", "problem"),
    [
        (
            IssueState(ref=REF, run=FAILED),
            SUCCESS,
            GOOD,
            "should be success, was error (agent_exit): it fell over",
        ),
        (IssueState(ref=REF, run=FAILED), FAILURE, NOTHING, "should have taken 2 attempts, took 1"),
        (IssueState(ref=REF, run=RUN), SUCCESS, NOTHING, "should have 1 pull requests, has 0"),
        (IssueState(ref=REF, run=RUN), SKIPPED, NOTHING, "should be skipped (skip_label), was success"),
        (IssueState(ref=REF, skip_reason="skip_label"), SKIPPED, GOOD, "should have 0 pull requests, has 1"),
        (
            IssueState(ref=REF, skip_reason="assigned"),
            SKIPPED,
            NOTHING,
            "should be skipped (skip_label), was skipped (assigned)",
        ),
        (IssueState(ref=REF), SUCCESS, NOTHING, "should be success, was skipped (no reason yet)"),
        (
            IssueState(ref=REF, run=RUN),
            SUCCESS,
            replace(GOOD, pulls=(replace(PULL, is_draft=False),)),
            "pull request #12 should be an open draft",
        ),
        (
            IssueState(ref=REF, run=RUN),
            SUCCESS,
            replace(GOOD, pulls=(replace(PULL, closes=frozenset({1, 7})),)),
            "pull request #12 should close #7 alone, would close #1, #7",
        ),
        (
            IssueState(ref=REF, run=RUN),
            SUCCESS,
            replace(GOOD, pulls=(replace(PULL, calls=frozenset({"maintainer"})),)),
            "pull request #12 would call maintainer",
        ),
        (
            IssueState(ref=REF, run=replace(RUN, pull_request=99)),
            SUCCESS,
            GOOD,
            "pull request #12 is on the forge, the ledger says 99",
        ),
    ],
)
def test_what_is_wrong_with_an_issue_is_said(
    state: IssueState, expectation: Expectation, evidence: Evidence, problem: str
) -> None:
    assert problem in issue_problems(state, planned(expectation), evidence)


@pytest.mark.parametrize(
    ("evidence", "problem"),
    [
        (replace(GOOD, branches=GOOD.branches | {"stray"}), "branches without a pull request are left: stray"),
        (
            replace(GOOD, pulls=(replace(PULL, branch="auto-fix/issue-99"),), branches=frozenset({"main"})),
            "pull requests of no issue are there: auto-fix/issue-99",
        ),
        (replace(GOOD, is_main_untouched=False), "the branch main was moved"),
        (replace(GOOD, closed_issues=(1, 2)), "issues were closed: #1, #2"),
        (replace(GOOD, worktrees_left=("7-abc-base",)), "worktrees are left: 7-abc-base"),
        (replace(GOOD, processes_left=(41,)), "processes of runs are left: 41"),
        (replace(GOOD, has_canary=True), "the text of an issue was executed: the canary file exists"),
    ],
)
def test_what_was_left_behind_is_said(evidence: Evidence, problem: str) -> None:
    assert general_problems(evidence, 9) == (problem,)


def test_the_object_and_the_totals_count_every_issue_once() -> None:
    result = DemoResult(
        repository="demo/sample",
        issues=(
            IssueResult(planned=planned(), state=IssueState(ref=REF, run=RUN), problems=()),
            IssueResult(planned=planned(FAILURE), state=IssueState(ref=REF, run=FAILED), problems=("it is odd",)),
            IssueResult(planned=planned(SKIPPED), state=IssueState(ref=REF, skip_reason="skip_label"), problems=()),
        ),
        general_problems=("a mess",),
        wanted_defects=8,
        chosen_defects=2,
        seconds=12.34,
    )

    assert result.problems == ("#7 it is odd", "a mess")
    assert not result.is_as_expected
    assert totals(result) == {
        "issues": 3,
        "processed": 2,
        "success": 1,
        "rejected": 0,
        "error": 1,
        "timeout": 0,
        "cancelled": 0,
        "skipped": 1,
        "pull_requests": 1,
        "defects_wanted": 8,
        "defects_found": 2,
        "as_expected": 2,
        "seconds": 12.3,
    }
    assert as_object(result)["skipped"] == [{"issue": 7, "reason": "skip_label"}]
    runs = as_object(result)["runs"]
    assert isinstance(runs, list)
    assert runs[0] == {
        "issue": 7,
        "title": "a title",
        "priority": "high",
        "outcome": "success",
        "error_type": None,
        "gate_score": 92.0,
        "duration_seconds": 2.5,
        "pull_request": "http://127.0.0.1/demo/sample/pull/12",
    }
