"""Each rule refuses with its own reason, the first one decides, and all are shown."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processor.intake.eligibility import (
    History,
    PullRequestState,
    SkipReason,
    branch_for,
    decide,
    explain_skip,
    sort_key,
)
from processor.model import Decision, Issue, Outcome, Priority
from processor.settings.sections import Intake, SecurityFile
from tests.intake.conftest import CREATED, an_issue

INTAKE = Intake()
SECURITY = SecurityFile(allowed_authors=("Friend",), denied_authors=("mallory",))
LATER = CREATED + timedelta(days=1)


def decision(issue: Issue | None = None, **history: Any) -> Decision:
    return decide(issue or an_issue(), intake=INTAKE, security=SECURITY, history=History(**history))


def test_an_issue_that_every_rule_lets_pass_is_eligible() -> None:
    made = decision()
    assert (made.is_eligible, made.reason, made.priority) == (True, "eligible", Priority.MEDIUM)


@pytest.mark.parametrize(
    ("changes", "reason", "value"),
    [
        ({"is_pull_request": True}, "not_an_issue", "pull request"),
        ({"is_open": False}, "closed", "closed"),
        ({"labels": ("bug",)}, "label_missing", "bug"),
        ({"labels": ()}, "label_missing", "none"),
        ({"author": "Mallory"}, "author_denied", "Mallory"),
        ({"author_association": "NONE"}, "author_not_allowed", "alice (NONE)"),
        ({"author_association": "CONTRIBUTOR"}, "author_not_allowed", "alice (CONTRIBUTOR)"),
        ({"author": ""}, "author_not_allowed", "deleted account (MEMBER)"),
        ({"is_locked": True}, "locked", "locked"),
        ({"labels": ("auto-processable", "Manual-Only")}, "skip_label", "Manual-Only"),
        ({"assignees": ("bob", "carol")}, "assigned", "bob, carol"),
    ],
)
def test_the_issue_itself_may_be_refused(changes: dict[str, Any], reason: str, value: str) -> None:
    made = decision(an_issue(**changes))
    assert (made.is_eligible, made.reason) == (False, reason)
    assert next(step.value for step in made.steps if step.rule == reason) == value


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": ("AUTO-Processable",)},
        {"author": "friend", "author_association": "NONE"},
        {"author": "FRIEND", "author_association": "FIRST_TIMER"},
        {"author_association": "COLLABORATOR"},
    ],
)
def test_case_and_names_let_pass(changes: dict[str, Any]) -> None:
    assert decision(an_issue(**changes)).is_eligible


def test_names_are_the_same_however_their_accents_are_encoded():
    decision = decide(
        an_issue(labels=("auto-processable", "bloque\u0301")),
        intake=Intake(skip_labels=("BLOQU\u00c9",)),
        security=SecurityFile(),
        history=History(),
    )
    assert decision.reason == "skip_label"


def test_a_denied_author_is_refused_although_named_and_a_member() -> None:
    both = SecurityFile(allowed_authors=("eve",), denied_authors=("EVE",))
    made = decide(an_issue(author="Eve", author_association="OWNER"), intake=INTAKE, security=both, history=History())
    assert made.reason == "author_denied"


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        ({"has_active_run": True}, "active"),
        ({"pull_request": 12, "pull_request_state": PullRequestState.OPEN}, "pull_request_open"),
        (
            {"pull_request": 12, "pull_request_state": PullRequestState.MERGED, "merged_at": CREATED},
            "pull_request_merged",
        ),
        ({"pull_request": 12, "pull_request_state": PullRequestState.CLOSED}, "pull_request_closed"),
        ({"last_outcome": Outcome.ERROR, "is_dead_letter": True}, "failed_before"),
        ({"last_outcome": Outcome.ERROR}, "failed_before"),
        ({"last_outcome": Outcome.TIMEOUT}, "failed_before"),
        ({"last_outcome": Outcome.REJECTED}, "rejected_before"),
        ({"last_outcome": Outcome.CANCELLED}, "cancelled_before"),
        ({"last_outcome": Outcome.SUCCESS}, "succeeded_before"),
    ],
)
def test_our_own_history_may_refuse(history: dict[str, Any], reason: str) -> None:
    made = decision(**history)
    assert (made.is_eligible, made.reason) == (False, reason)


@pytest.mark.parametrize(
    "outcome", [Outcome.ERROR, Outcome.TIMEOUT, Outcome.REJECTED, Outcome.CANCELLED, Outcome.SUCCESS]
)
@pytest.mark.parametrize("word", ["retry_requested", "again_requested"])
def test_an_operator_s_retry_frees_an_issue_whose_run_ended(outcome: Outcome, word: str) -> None:
    assert decision(last_outcome=outcome, is_dead_letter=outcome is Outcome.ERROR, **{word: True}).is_eligible


def test_a_closed_pull_request_needs_the_word_again_and_a_retry_is_not_enough() -> None:
    closed = {"pull_request": 12, "pull_request_state": PullRequestState.CLOSED, "last_outcome": Outcome.SUCCESS}
    assert decision(**closed, retry_requested=True).reason == "pull_request_closed"
    assert decision(**closed, again_requested=True).is_eligible


def test_after_our_merge_only_a_reopened_issue_may_go_again() -> None:
    merged = {
        "pull_request": 12,
        "pull_request_state": PullRequestState.MERGED,
        "merged_at": CREATED,
        "last_outcome": Outcome.SUCCESS,
    }
    assert decision(**merged, again_requested=True).reason == "pull_request_merged"
    assert decision(**merged, reopened_at=LATER).reason == "pull_request_merged"
    assert decision(**merged, reopened_at=LATER, retry_requested=True).reason == "pull_request_merged"
    assert decision(**merged, reopened_at=CREATED, again_requested=True).reason == "pull_request_merged"
    assert decision(**merged, reopened_at=LATER, again_requested=True).is_eligible


def test_no_word_of_an_operator_touches_an_open_pull_request_or_an_active_run() -> None:
    words = {"retry_requested": True, "again_requested": True}
    assert decision(pull_request=12, pull_request_state=PullRequestState.OPEN, **words).reason == "pull_request_open"
    assert decision(has_active_run=True, **words).reason == "active"


def test_every_rule_is_shown_in_order_and_the_first_refusal_is_the_reason() -> None:
    made = decision(
        an_issue(is_locked=True, assignees=("bob",), labels=("auto-processable", "wontfix")), has_active_run=True
    )
    assert [step.rule for step in made.steps] == list(SkipReason)
    refused = [step.rule for step in made.steps if not step.is_satisfied]
    assert refused == ["locked", "skip_label", "assigned", "active"]
    assert made.reason == "locked"


def test_steps_say_what_was_looked_at() -> None:
    made = decision(
        pull_request=12, pull_request_state=PullRequestState.CLOSED, last_outcome=Outcome.SUCCESS, again_requested=True
    )
    values = {step.rule: step.value for step in made.steps}
    assert values == {
        "not_an_issue": "issue",
        "closed": "open",
        "label_missing": "auto-processable",
        "author_denied": "alice",
        "author_not_allowed": "alice (MEMBER)",
        "locked": "not locked",
        "skip_label": "none",
        "assigned": "none",
        "active": "no active run",
        "pull_request_open": "#12 closed",
        "pull_request_merged": "#12 closed",
        "pull_request_closed": "#12 closed, operator asked for another go",
        "failed_before": "success, operator asked for another go",
        "rejected_before": "success, operator asked for another go",
        "cancelled_before": "success, operator asked for another go",
        "succeeded_before": "success, operator asked for another go",
    }


ISSUES = st.builds(
    an_issue,
    title=st.text(max_size=20),
    labels=st.lists(st.sampled_from(["auto-processable", "wontfix", "P0", "bug"]), max_size=3).map(tuple),
    author=st.sampled_from(["alice", "Mallory", "friend", ""]),
    author_association=st.sampled_from(["OWNER", "MEMBER", "NONE", "MANNEQUIN"]),
    assignees=st.lists(st.just("bob"), max_size=1).map(tuple),
    is_locked=st.booleans(),
    is_open=st.booleans(),
    is_pull_request=st.booleans(),
)
HISTORIES = st.builds(
    History,
    has_active_run=st.booleans(),
    last_outcome=st.none() | st.sampled_from(Outcome),
    is_dead_letter=st.booleans(),
    pull_request=st.none() | st.just(12),
    pull_request_state=st.sampled_from(PullRequestState),
    merged_at=st.none() | st.just(CREATED),
    reopened_at=st.none() | st.sampled_from([CREATED, LATER]),
    retry_requested=st.booleans(),
    again_requested=st.booleans(),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(issue=ISSUES, history=HISTORIES)
def test_the_decision_is_total_the_same_twice_and_follows_from_its_steps(issue: Issue, history: History) -> None:
    made = decide(issue, intake=INTAKE, security=SECURITY, history=history)
    assert made == decide(issue, intake=INTAKE, security=SECURITY, history=history)
    assert [step.rule for step in made.steps] == list(SkipReason)
    refused = [step.rule for step in made.steps if not step.is_satisfied]
    assert made.reason == (refused[0] if refused else "eligible")
    assert made.is_eligible is (not refused)


@given(issue=ISSUES, history=HISTORIES)
def test_nothing_is_eligible_against_a_denial(issue: Issue, history: History) -> None:
    made = decide(issue, intake=INTAKE, security=SECURITY, history=history)
    denials = (
        issue.is_pull_request,
        not issue.is_open,
        issue.is_locked,
        bool(issue.assignees),
        issue.author == "Mallory",
        issue.author == "",
        "wontfix" in issue.labels,
        "auto-processable" not in issue.labels,
        history.has_active_run,
        history.pull_request_state is PullRequestState.OPEN,
    )
    if any(denials):
        assert not made.is_eligible


@given(issue=ISSUES, history=HISTORIES)
def test_an_operator_s_word_only_ever_frees(issue: Issue, history: History) -> None:
    without = replace(history, retry_requested=False, again_requested=False)
    with_word = replace(history, retry_requested=True, again_requested=True)
    if decide(issue, intake=INTAKE, security=SECURITY, history=without).is_eligible:
        assert decide(issue, intake=INTAKE, security=SECURITY, history=with_word).is_eligible


@given(issue=ISSUES, history=HISTORIES)
def test_authors_who_are_not_allowed_never_get_a_word(issue: Issue, history: History) -> None:
    made = decide(issue, intake=INTAKE, security=SECURITY, history=history)
    is_allowed = all(step.is_satisfied for step in made.steps if step.rule.startswith("author_"))
    if not made.is_eligible and not is_allowed:
        assert explain_skip(SkipReason(made.reason), issue, intake=INTAKE) is None


def test_the_author_is_told_what_to_do() -> None:
    labelled = an_issue(labels=("auto-processable", "wontfix"))
    assert explain_skip(SkipReason.SKIP_LABEL, labelled, intake=INTAKE) == (
        "This issue is not processed automatically: it has a label that keeps it for people (`wontfix`); "
        "remove that label."
    )
    assigned = an_issue(assignees=("bob", "carol"))
    assert explain_skip(SkipReason.ASSIGNED, assigned, intake=INTAKE) == (
        "This issue is not processed automatically: it is assigned to `bob`, `carol`; unassign it."
    )


def test_a_label_with_tricks_in_its_name_is_told_apart_from_text() -> None:
    odd = Intake(skip_labels=("no {format} %s `x`\n@all",))
    told = explain_skip(SkipReason.SKIP_LABEL, an_issue(labels=("no {format} %s `x`\n@all",)), intake=odd)
    assert told is not None
    assert "`no {format} %s 'x' @all`" in told


@pytest.mark.parametrize(
    "reason", ["not_an_issue", "closed", "label_missing", "author_denied", "author_not_allowed", "locked"]
)
def test_nothing_is_said_where_nobody_asked_or_may_be_told(reason: str) -> None:
    assert explain_skip(SkipReason(reason), an_issue(), intake=INTAKE) is None


def test_issues_are_taken_by_priority_then_age_then_number() -> None:
    in_order = [
        sort_key(Priority.CRITICAL, LATER, 9),
        sort_key(Priority.HIGH, CREATED, 8),
        sort_key(Priority.MEDIUM, CREATED, 3),
        sort_key(Priority.MEDIUM, CREATED, 12),
        sort_key(Priority.MEDIUM, LATER, 1),
        sort_key(Priority.LOW, CREATED, 1),
    ]
    assert all(first < second for first, second in pairwise(in_order))


def test_a_branch_is_named_after_the_issue_and_the_go() -> None:
    assert branch_for("auto-fix/issue-", 7, 1) == "auto-fix/issue-7"
    assert branch_for("auto-fix/issue-", 7, 2) == "auto-fix/issue-7-2"
    names = {branch_for("auto-fix/issue-", number, go) for number in range(1, 130) for go in range(1, 5)}
    assert len(names) == 129 * 4
