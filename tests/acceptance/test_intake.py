"""People change their mind while an issue waits, is worked on or is refused; the service keeps up and says so once."""

import pytest
import requests

from processor.model import IssueRef
from tests.acceptance.system import FILES, REPOSITORY, System, wait_until


def _ask(system: System, method: str, ref: IssueRef, path: str, **body: object) -> None:
    url = f"{system.forge.api_url}/repos/{REPOSITORY}/issues/{ref.number}{path}"
    token = (system.root / "token").read_text()
    requests.request(
        method, url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=10
    ).raise_for_status()


def _wait_for_polls(system: System, number: int = 3) -> None:
    polls = len(system.forge.requests.entries(endpoint="list_issues"))
    wait_until(lambda: len(system.forge.requests.entries(endpoint="list_issues")) > polls + number, "more polls")


def _texts(system: System, ref: IssueRef) -> list[str]:
    return [comment.body for comment in system.forge.comments(REPOSITORY, ref.number)]


def test_an_issue_that_somebody_takes_while_it_waits_is_withdrawn_and_may_come_back(system: System) -> None:
    service = system.start()
    system.get("/api/status")
    system.aip("pause")
    ref = system.open_issue()
    wait_until(lambda: system.runs(ref), "the run to be queued")
    _ask(system, "POST", ref, "/assignees", assignees=["octo"])
    run = system.wait_for_outcome(ref)
    assert (run.outcome, run.error_message) == ("cancelled", "the issue is not to be processed any more: assigned")
    wait_until(lambda: _texts(system, ref), "the word to the author")
    assert "assigned to `octo`" in _texts(system, ref)[0]
    _ask(system, "DELETE", ref, "/assignees", assignees=["octo"])
    wait_until(lambda: len(system.runs(ref)) == 2, "a second run")
    system.aip("resume")
    system.assert_one_pull_request(ref)
    system.stop(service)
    assert len(_texts(system, ref)) == 1


def test_an_issue_that_somebody_takes_while_we_work_is_finished_and_nothing_else_is_said(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    service = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    _ask(system, "POST", ref, "/assignees", assignees=["octo"])
    _wait_for_polls(system)
    assert _texts(system, ref) == []
    (system.marks / "agent-go").touch()
    system.assert_one_pull_request(ref)
    system.stop(service)
    assert "issue.skipped" not in system.log().partition("run.finished")[0]


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 502}, {"kind": "drop", "when": "after"}])
def test_a_comment_that_github_could_not_take_is_written_at_a_later_poll(
    system: System, fault: dict[str, object]
) -> None:
    system.forge.faults.add(endpoint="create_comment", times=1, **fault)
    ref = system.open_issue(labels=["WontFix"])
    service = system.start()
    wait_until(lambda: _texts(system, ref), "the word to the author")
    _wait_for_polls(system)
    system.stop(service)
    assert len(_texts(system, ref)) == 1
    assert system.log().count("issue.skipped") == 1


def test_an_issue_that_was_reopened_after_our_merge_may_go_again_on_a_new_branch(system: System) -> None:
    ref = system.open_issue()
    service = system.start()
    first = system.assert_one_pull_request(ref)
    system.forge.merge_pull(REPOSITORY, first, force=True)
    wait_until(lambda: "#2 merged" in system.aip("explain", str(ref)).stdout, "the follow-up to see the merge")
    assert "the rule closed" in system.aip("queue", "retry", "--again", str(ref)).stderr
    system.forge.commit_files(REPOSITORY, FILES, message="Bring the fault back")
    system.forge.reopen_issue(REPOSITORY, ref.number)
    assert "`aip queue retry --again" in system.aip("queue", "retry", str(ref)).stderr
    system.aip("queue", "retry", "--again", str(ref))
    wait_until(lambda: len(system.runs(ref)) == 2 and system.runs(ref)[0].outcome, "the second go")
    system.stop(service)
    newest = max(system.forge.pulls(REPOSITORY), key=lambda pull: pull.issue.number)
    assert (newest.pull.head_ref, newest.issue.state) == (f"auto-fix/issue-{ref.number}-2", "open")
    assert f"#{first}" in (newest.issue.body or "")


def test_an_issue_is_the_same_one_in_whatever_case_its_address_is_typed(system: System) -> None:
    ref = system.open_issue()
    typed = f"{REPOSITORY.upper()}#{ref.number}"
    assert system.aip("once", typed).returncode == 0
    system.assert_one_pull_request(ref)
    assert "is not eligible: pull_request_open" in system.aip("once", typed).stderr
    assert f"{ref} is not eligible: pull_request_open" in system.aip("explain", typed).stdout
    assert str(ref) in system.aip("queue", "show", typed).stdout
    assert len(system.runs(ref)) == 1


def test_an_operator_may_keep_us_silent(system: System) -> None:
    system.settings["intake"]["explain_skips"] = False
    ref = system.open_issue(labels=["wontfix"])
    service = system.start()
    wait_until(lambda: "issue.skipped" in system.log(), "the skip")
    _wait_for_polls(system)
    system.stop(service)
    assert _texts(system, ref) == []


def test_an_issue_that_is_transferred_while_it_waits_is_withdrawn(system: System) -> None:
    system.forge.create_repository("octo/other", labels=["auto-processable"])
    service = system.start()
    system.get("/api/status")
    system.aip("pause")
    ref = system.open_issue()
    wait_until(lambda: system.runs(ref), "the run to be queued")
    system.forge.transfer_issue(REPOSITORY, ref.number, "octo/other")
    assert system.wait_for_outcome(ref).outcome == "cancelled"
    refusal = system.aip("once", str(ref))
    assert refusal.returncode == 1
    assert f"{ref} was transferred and is octo/other#1 now" in refusal.stderr
    system.stop(service)


def test_an_archived_repository_is_refused_before_any_run_and_taken_up_again(system: System) -> None:
    system.forge.edit_repository(REPOSITORY, is_archived=True)
    ref = system.open_issue()
    service = system.start()
    wait_until(lambda: "is archived, so read-only" in (system.get("/api/status")["last_poll_error"] or ""), "the error")
    wait_until(lambda: system.log().count("poll.failed") > 2, "more polls")
    assert system.runs(ref) == ()
    system.forge.edit_repository(REPOSITORY, is_archived=False)
    system.assert_one_pull_request(ref)
    system.stop(service)


def test_a_repository_that_is_renamed_goes_on_under_its_old_name(system: System) -> None:
    service = system.start()
    system.get("/api/status")
    system.forge.rename_repository(REPOSITORY, "octo/hallo")
    issue = system.forge.open_issue("octo/hallo", "Fix the greeting", labels=["auto-processable"], author="octo")
    ref = IssueRef(REPOSITORY, issue.number)
    run = system.wait_for_outcome(ref)
    assert (run.outcome, run.error_message) == ("success", None)
    assert set(system.forge.branches("octo/hallo")) == {"main", f"auto-fix/issue-{ref.number}"}
    assert len(system.forge.pulls("octo/hallo")) == 1
    checked = system.aip("check", "--json")
    assert "was renamed to octo/hallo" in checked.stdout
    system.stop(service)
