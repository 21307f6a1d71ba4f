"""What is ours and what is not: branches, pull requests, second goes, caps, follow-up, undo."""

import subprocess

from processor.ledger import queries
from tests.acceptance.system import REPOSITORY, System, wait_until


def test_a_branch_that_is_not_ours_is_never_overwritten(system: System) -> None:
    theirs = system.forge.commit_files(
        REPOSITORY, {"greeting.py": "# work of a person\n"}, branch="auto-fix/issue-1", message="mine"
    )
    ref = system.open_issue()
    service = system.start()
    run = system.wait_for_outcome(ref)
    system.stop(service)
    assert (run.outcome, run.error_type) == ("error", "publish_conflict")
    assert "not a commit of ours" in (run.error_message or "")
    assert system.forge.branches(REPOSITORY)["auto-fix/issue-1"] == theirs
    assert system.forge.pulls(REPOSITORY) == []


def test_another_issues_branch_is_left_alone(system: System) -> None:
    refs = [system.open_issue(f"Fix greeting {number}") for number in range(11)]
    service = system.start()
    for ref in refs:
        assert system.wait_for_outcome(ref).outcome == "success"
    system.stop(service)
    assert sorted(system.forge.branches(REPOSITORY)) == sorted(
        [*(f"auto-fix/issue-{ref.number}" for ref in refs), "main"]
    )
    assert len(system.forge.pulls(REPOSITORY)) == len(refs)


def test_a_pull_request_that_people_closed_is_not_opened_again_without_an_operators_word(system: System) -> None:
    ref = system.open_issue()
    service = system.start()
    number = system.assert_one_pull_request(ref)
    system.forge.close_pull(REPOSITORY, number)
    wait_until(lambda: f"#{number} closed" in system.aip("explain", str(ref)).stdout, "the follow-up to see it")
    assert system.aip("queue", "retry", str(ref)).returncode == 1
    again = system.aip("queue", "retry", "--again", str(ref))
    assert again.returncode == 0, again.stderr
    wait_until(lambda: len(system.runs(ref)) == 2 and system.runs(ref)[0].outcome, "the second go")
    run = system.runs(ref)[0]
    assert (run.outcome, run.branch) == ("success", "auto-fix/issue-1-2")
    second = system.forge.pull(REPOSITORY, run.pull_request or 0)
    assert f"Follows #{number}" in second.issue.body
    system.stop(service)


def test_what_became_of_a_pull_request_is_followed_without_a_write(system: System) -> None:
    ref = system.open_issue()
    service = system.start()
    number = system.assert_one_pull_request(ref)
    # The last thing that is written; before it the count would still grow.
    wait_until(lambda: "auto-fix" in system.forge.pull(REPOSITORY, number).issue.labels, "the label")
    writes = system.forge.stats.writes
    system.forge.review_pull(REPOSITORY, number, state="APPROVED")

    def seen() -> queries.PullRequestRecord:
        with system.ledger.read() as db:
            return queries.pull_requests_of_issue(db, ref)[0]

    wait_until(lambda: seen().review_state == "approved", "the review")
    system.forge.merge_pull(REPOSITORY, number, force=True)
    wait_until(lambda: seen().state == "merged", "the merge")
    assert system.forge.stats.writes == writes
    system.stop(service)


def test_no_more_pull_requests_are_open_than_the_cap_allows(system: System) -> None:
    system.settings["publish"]["max_open_pull_requests"] = 2
    refs = [system.open_issue(f"Fix greeting {number}") for number in range(4)]
    service = system.start()
    wait_until(lambda: len(system.forge.pulls(REPOSITORY)) == 2, "two pull requests")
    queued = system.get("/api/status")["queued"]
    assert sum(queued.values()) == 2
    number = system.wait_for_outcome(refs[0]).pull_request or 0
    system.forge.close_pull(REPOSITORY, number)
    wait_until(lambda: len(system.forge.pulls(REPOSITORY)) == 3, "the third after one was closed")
    system.stop(service)


def test_a_pull_request_that_an_earlier_run_could_not_verify_tells_of_the_run_that_finished_it(system: System) -> None:
    lost = system.forge.faults.add("status", "get_pull", status=500, times=None)
    system.settings["engine"]["retries"]["github_api"]["attempts"] = 1
    system.settings["github"]["max_wait_seconds"] = 0.2
    ref = system.open_issue()
    service = system.start()
    assert system.wait_for_outcome(ref).outcome == "error"
    assert len(system.forge.pulls(REPOSITORY)) == 1
    system.forge.faults.remove(lost.id)
    assert system.aip("queue", "retry", str(ref)).returncode == 0
    wait_until(lambda: len(system.runs(ref)) == 2, "the second run")
    number = system.assert_one_pull_request(ref)
    system.stop(service)
    text = system.forge.pull(REPOSITORY, number).issue.body
    assert [run.run_id in text for run in system.runs(ref)] == [True, False]


def test_a_base_branch_that_goes_away_during_a_run_is_named(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    service = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    bare = next(path for path in system.forge.root.rglob("*.git") if path.is_dir())
    for change in (("refs/heads/trunk", "main"), ("-d", "refs/heads/main")):
        subprocess.run(["git", "-C", bare, "update-ref", *change], check=True)
    (system.marks / "agent-go").touch()
    run = system.wait_for_outcome(ref)
    system.stop(service)
    assert (run.error_type, run.attempts) == ("publish_conflict", 1)
    assert "base branch main went away" in (run.error_message or "")


def test_a_run_cancelled_after_its_push_takes_its_branch_back(system: System) -> None:
    system.forge.faults.add("status", "create_pull", status=500, times=None)
    system.settings["engine"]["retries"]["github_api"] = {"attempts": 20, "first_delay_seconds": 60}
    ref = system.open_issue()
    service = system.start()
    wait_until(lambda: "auto-fix/issue-1" in system.forge.branches(REPOSITORY), "the push")
    system.aip("queue", "cancel", str(ref))
    assert system.wait_for_outcome(ref).outcome == "cancelled"
    wait_until(lambda: list(system.forge.branches(REPOSITORY)) == ["main"], "the branch to go")
    system.stop(service)
    system.assert_nothing_left()


def test_undo_closes_ours_deletes_our_branch_and_asks_first(system: System) -> None:
    ref = system.open_issue()
    service = system.start()
    number = system.assert_one_pull_request(ref)
    system.stop(service)
    asked = system.aip("undo", str(ref))
    assert asked.returncode != 0
    assert system.forge.pull(REPOSITORY, number).issue.state == "open"
    done = system.aip("undo", str(ref), "--yes")
    assert done.returncode == 0, done.stderr
    assert system.forge.pull(REPOSITORY, number).issue.state == "closed"
    assert list(system.forge.branches(REPOSITORY)) == ["main"]


def test_an_issue_that_lost_its_label_while_it_waited_is_withdrawn_and_may_come_back(system: System) -> None:
    service = system.start()
    system.get("/api/status")
    system.aip("pause")
    ref = system.open_issue()
    wait_until(lambda: system.runs(ref), "the run to be queued")
    system.forge.set_labels(REPOSITORY, ref.number, [])
    assert system.wait_for_outcome(ref).outcome == "cancelled"
    system.forge.set_labels(REPOSITORY, ref.number, ["auto-processable"])
    wait_until(lambda: len(system.runs(ref)) == 2, "a second run")
    system.aip("resume")
    system.assert_one_pull_request(ref)
    system.stop(service)


def test_the_author_is_told_once_why_nothing_happens_and_a_stranger_is_not(system: System) -> None:
    ours = system.open_issue("Mine", labels=["wontfix"])
    theirs = system.open_issue("Theirs", author="stranger", author_association="NONE")
    service = system.start()
    wait_until(lambda: system.forge.comments(REPOSITORY, ours.number), "the word to the author")
    polls = len(system.forge.requests.entries(endpoint="list_issues"))
    wait_until(lambda: len(system.forge.requests.entries(endpoint="list_issues")) > polls + 2, "more polls")
    system.stop(service)
    comments = system.forge.comments(REPOSITORY, ours.number)
    assert len(comments) == 1
    assert "wontfix" in comments[0].body
    assert system.forge.comments(REPOSITORY, theirs.number) == []
    log = (system.root / "logs" / "auto_issue_processor.log").read_text()
    assert log.count("ISSUE_SKIPPED") == 2


def test_a_pull_request_that_people_reopened_stays_the_only_one(system: System) -> None:
    ref = system.open_issue()
    service = system.start()
    number = system.assert_one_pull_request(ref)
    system.forge.close_pull(REPOSITORY, number)
    wait_until(lambda: f"#{number} closed" in system.aip("explain", str(ref)).stdout, "the follow-up to see it")
    system.stop(service)
    system.forge.reopen_pull(REPOSITORY, number)
    system.aip("queue", "retry", "--again", str(ref))
    service = system.start()
    wait_until(lambda: len(system.runs(ref)) == 2 and system.runs(ref)[0].outcome, "the second go")
    assert system.runs(ref)[0].error_type == "publish_conflict"
    assert len(system.forge.pulls(REPOSITORY)) == 1
    system.stop(service)
