"""Issues that come back after our merge, under another spelling, or in a repository that was renamed."""

import time

from processor.ledger import queries
from processor.model import IssueRef
from tests.acceptance.system import FILES, REPOSITORY, System, wait_until


def test_an_issue_that_was_reopened_after_our_merge_may_go_again_on_a_new_branch(system: System) -> None:
    ref = system.open_issue()
    service = system.start()
    first = system.assert_one_pull_request(ref)
    system.forge.merge_pull(REPOSITORY, first, force=True)
    merged_second = int(time.time())
    wait_until(lambda: "#2 merged" in system.aip("explain", str(ref)).stdout, "the follow-up to see the merge")
    assert "the rule closed" in system.aip("queue", "retry", "--again", str(ref)).stderr
    system.forge.commit_files(REPOSITORY, FILES, message="Bring the fault back")
    wait_until(lambda: int(time.time()) > merged_second, "a later second than the merge's: GitHub tells no fractions")
    system.forge.reopen_issue(REPOSITORY, ref.number)
    assert "`aip queue retry --again" in system.aip("queue", "retry", str(ref)).stderr
    again = system.aip("queue", "retry", "--again", str(ref))
    assert again.returncode == 0, again.stderr
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
    system.settings["repositories"][0]["name"] = REPOSITORY.upper()
    assert f"{ref} is not eligible: pull_request_open" in system.aip("explain", str(ref)).stdout
    service = system.start()
    other = system.open_issue("Fix another greeting")
    assert system.wait_for_outcome(other).outcome == "success"
    system.stop(service)
    with system.ledger.read() as db:
        assert queries.recorded_repositories(db) == (REPOSITORY,)
    assert len(system.runs(ref)) == 1


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
