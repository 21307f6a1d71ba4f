"""Every fault that the forge can inject, on every call of one run: the run still ends in one pull request."""

import time
from typing import Any

import pytest

from processor.ledger import queries
from tests.acceptance.system import REPOSITORY, System, wait_until

ENDPOINTS = (
    "list_issues",
    "get_repository",
    "get_issue",
    "git_fetch",
    "list_pulls",
    "git_push_pack",
    "create_pull",
    "get_pull",
    "get_label",
    "create_label",
    "add_labels",
    "list_comments",
    "create_comment",
)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"kind": "status", "status": 500}, id="500"),
        pytest.param({"kind": "status", "status": 502, "when": "after"}, id="502 after the effect"),
        pytest.param({"kind": "drop", "when": "before"}, id="dropped before the effect"),
        pytest.param({"kind": "drop", "when": "after"}, id="dropped after the effect"),
        pytest.param({"kind": "truncated"}, id="truncated"),
        pytest.param({"kind": "delay", "seconds": 3, "when": "after"}, id="too slow"),
        pytest.param(
            {"kind": "rate_limit", "rate_limit": "secondary", "retry_after_seconds": 1}, id="secondary rate limit"
        ),
    ],
)
def test_one_fault_on_every_call_delays_a_run_and_breaks_nothing(system: System, fault: dict[str, Any]) -> None:
    system.settings["github"].update({"timeout_seconds": 1.5, "max_wait_seconds": 2})
    for retry in system.settings["engine"]["retries"].values():
        retry["attempts"] = 20
    for endpoint in ENDPOINTS:
        # git is told of limits by 429 alone; a 403 means there that the token may not.
        if not (fault["kind"] == "rate_limit" and endpoint.startswith("git_")):
            system.forge.faults.add(endpoint=endpoint, **fault)
    ref = system.open_issue()
    service = system.start()
    system.assert_one_pull_request(ref)
    system.stop(service)
    hit = [entry.endpoint for entry in system.forge.faults.list() if entry.hits]
    assert {"list_issues", "get_issue", "list_pulls", "create_pull"} <= set(hit)
    assert len(system.forge.comments(REPOSITORY, ref.number)) <= 1
    system.assert_nothing_left()


@pytest.mark.parametrize(
    ("status", "error_type"), [(401, "github_auth"), (403, "github_auth"), (404, "github_api"), (422, "github_api")]
)
def test_a_refusal_that_no_retry_mends_ends_the_run_with_its_kind(system: System, status: int, error_type: str) -> None:
    if status == 401:  # which a rotated token mends, so that it has tries
        system.settings["engine"]["retries"]["github_auth"] = {"attempts": 1}
    system.forge.faults.add("status", "create_pull", status=status, times=None)
    ref = system.open_issue()
    service = system.start()
    run = system.wait_for_outcome(ref)
    system.stop(service)
    assert (run.outcome, run.error_type) == ("error", error_type)
    assert system.forge.pulls(REPOSITORY) == []
    assert list(system.forge.branches(REPOSITORY)) == ["main"]


def test_a_label_that_may_not_be_written_fails_no_run(system: System) -> None:
    system.forge.faults.add("status", "add_labels", status=403, times=None)
    ref = system.open_issue()
    service = system.start()
    system.assert_one_pull_request(ref)
    system.stop(service)
    assert len(system.forge.comments(REPOSITORY, ref.number)) == 1


@pytest.mark.parametrize(("status", "seconds"), [(503, 60), (401, 1800)], ids=["away", "refuses"])
def test_a_poll_is_tried_again_soon_where_github_was_away(system: System, status: int, seconds: float) -> None:
    system.settings["intake"]["poll_interval_seconds"] = 1800
    system.settings["github"]["read_attempts"] = 1
    system.forge.faults.add("status", "list_issues", status=status, times=None)
    service = system.start()
    shown = wait_until(lambda: (now := system.get("/api/status"))["last_poll_error"] and now, "the error of the poll")
    assert seconds - 30 < shown["next_poll_at"] - time.time() <= seconds
    system.stop(service)


def test_an_exhausted_allowance_is_waited_for(system: System) -> None:
    system.settings["github"]["max_wait_seconds"] = 0.5
    system.forge.faults.add("rate_limit", "get_issue", rate_limit="primary", reset_in_seconds=3)
    ref = system.open_issue()
    service = system.start()
    system.assert_one_pull_request(ref)
    run = system.runs(ref)[0]
    assert run.attempts > 1
    system.stop(service)


def _reason_of_the_first_retry(system: System) -> str:
    ref = system.open_issue()
    service = system.start()
    system.assert_one_pull_request(ref)
    system.stop(service)
    with system.ledger.read() as db:
        first, *_ = queries.attempts_of_run(db, system.runs(ref)[0].run_id)
    return first.error_message or ""


def test_the_reason_of_a_retry_is_what_github_refused(system: System) -> None:
    system.settings["github"]["max_wait_seconds"] = 0
    system.forge.faults.add("rate_limit", "create_pull", rate_limit="secondary", retry_after_seconds=1)
    assert "POST /repos/octo/hello/pulls was refused (403" in _reason_of_the_first_retry(system)


def test_the_reason_of_a_retry_is_the_refusal_also_when_nobody_could_look_after_it(system: System) -> None:
    system.settings["github"]["read_attempts"] = 1
    system.forge.faults.add("status", "create_pull", status=502)
    looking = system.forge.faults.add("status", "get_ref", status=503)
    assert _reason_of_the_first_retry(system).startswith("GitHub failed at POST /repos/octo/hello/pulls (502")
    assert looking.hits == 1


def test_what_github_could_not_be_told_at_the_end_is_told_later(system: System) -> None:
    ref = system.open_issue(labels=["agent:fail"])
    system.settings["engine"]["retries"]["agent_exit"] = {"attempts": 1}
    system.forge.faults.add("status", "create_comment", status=503)
    service = system.start()
    assert system.wait_for_outcome(ref).is_dead_letter
    wait_until(lambda: "auto-failed" in system.forge.issue(REPOSITORY, ref.number).labels, "the label")
    system.stop(service)
    assert len(system.forge.comments(REPOSITORY, ref.number)) == 1
