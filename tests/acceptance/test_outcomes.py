"""The five outcomes, through the installed command and a real forge."""

import re
from pathlib import Path

from tests.acceptance.system import REPOSITORY, System, wait_until


def test_a_labelled_issue_becomes_one_verified_draft_pull_request(system: System) -> None:
    ref = system.open_issue("Fix the greeting", labels=["p1"])
    service = system.start()
    system.assert_one_pull_request(ref)
    pull = system.forge.pulls(REPOSITORY)[0]
    assert pull.issue.title == "Auto-fix: Fix the greeting (#1)"
    assert pull.pull.is_draft
    assert pull.issue.body.startswith("Fixes #1\n")
    assert "Quality gate" in pull.issue.body
    wait_until(lambda: "auto-fix" in system.forge.pulls(REPOSITORY)[0].issue.labels, "the label")
    assert system.stop(service) == 0
    run = system.runs(ref)[0]
    assert run.priority == "high"
    comments = system.forge.comments(REPOSITORY, ref.number)
    assert len(comments) == 1
    assert f"Opened #{run.pull_request}" in comments[0].body
    system.assert_nothing_left()


def test_the_agents_words_close_no_issue_and_call_nobody(system: System) -> None:
    ref = system.open_issue("Fixes #2 @octo and close https://github.com/octo/hello/issues/3")
    service = system.start()
    system.wait_for_outcome(ref)
    system.stop(service)
    pull = system.forge.pulls(REPOSITORY)[0]
    for text in (pull.issue.title, pull.issue.body):
        references = re.findall(r"(?:#|/issues/)(\d+)", text)
        assert set(references) == {"1"}, text
        assert "@octo" not in text
        assert "@somebody" not in text


def test_a_change_that_breaks_the_code_is_rejected_and_nothing_is_published(system: System) -> None:
    ref = system.open_issue(labels=["agent:break"])
    service = system.start()
    run = system.wait_for_outcome(ref)
    assert (run.outcome, run.error_type) == ("rejected", None)
    wait_until(lambda: system.forge.comments(REPOSITORY, ref.number), "the status comment")
    system.stop(service)
    assert list(system.forge.branches(REPOSITORY)) == ["main"]
    assert "syntax" in system.forge.comments(REPOSITORY, ref.number)[0].body
    system.assert_nothing_left()


def test_an_agent_that_hangs_is_killed_with_its_children_and_counts_as_timeout(system: System) -> None:
    ref = system.open_issue(labels=["agent:hang"])
    service = system.start()
    run = system.wait_for_outcome(ref)
    assert (run.outcome, run.error_type) == ("timeout", "agent_timeout")
    assert "limit of 2 s" in (run.error_message or "")
    wait_until(lambda: "auto-failed" in system.forge.issue(REPOSITORY, ref.number).labels, "the label")
    system.assert_nothing_left()
    system.stop(service)


def test_an_agent_that_fails_ends_in_error_after_its_attempts(system: System) -> None:
    system.settings["engine"]["retries"]["agent_exit"] = {"attempts": 2, "first_delay_seconds": 0.1}
    ref = system.open_issue(labels=["agent:fail"])
    service = system.start()
    run = system.wait_for_outcome(ref)
    system.stop(service)
    assert (run.outcome, run.error_type, run.attempts) == ("error", "agent_exit", 2)
    assert run.is_dead_letter


def test_an_agent_that_claims_success_without_a_change_is_an_error(system: System) -> None:
    ref = system.open_issue(labels=["agent:lie"])
    service = system.start()
    run = system.wait_for_outcome(ref)
    system.stop(service)
    assert (run.outcome, run.error_type) == ("error", "agent_no_change")
    assert system.forge.pulls(REPOSITORY) == []


def test_a_cancelled_run_ends_its_agent_and_publishes_nothing(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    service = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    done = system.aip("queue", "cancel", str(ref))
    assert done.returncode == 0, done.stderr
    run = system.wait_for_outcome(ref)
    assert (run.outcome, run.error_type) == ("cancelled", None)
    system.assert_nothing_left()
    system.stop(service)
    assert system.forge.pulls(REPOSITORY) == []


def test_no_agent_ever_sees_a_token(system: System) -> None:
    ref = system.open_issue()
    service = system.start()
    system.wait_for_outcome(ref)
    system.stop(service)
    seen = [path.read_text() for path in Path(system.marks).glob("environment-*")]
    assert seen
    assert all(
        word not in text for text in seen for word in (system.token, "GITHUB_TOKEN", "GH_TOKEN", "Authorization")
    )


def test_the_token_is_in_no_log_and_no_record(system: System) -> None:
    ref = system.open_issue()
    service = system.start()
    system.wait_for_outcome(ref)
    system.stop(service)
    files = [path for path in system.root.rglob("*") if path.is_file() and path.name != "token"]
    assert len(files) > 10
    assert [path for path in files if system.token.encode() in path.read_bytes()] == []


def test_a_run_is_cancelled_at_once_while_github_keeps_git_waiting(system: System) -> None:
    hold = system.forge.faults.add("hold", "git_fetch_refs")
    ref = system.open_issue()
    service = system.start()
    assert hold.wait_until_reached()
    assert system.aip("queue", "cancel", str(ref)).returncode == 0
    run = system.wait_for_outcome(ref)
    assert (run.outcome, run.phase) == ("cancelled", "prepare")
    assert (run.error_message or "").startswith("cancelled by ")
    hold.release(abandon=True)
    system.stop(service)
    system.assert_nothing_left()
