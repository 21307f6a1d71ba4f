"""`aip undo --all` takes back what is ours of every issue, shows it first, and goes on past one that it cannot."""

from collections.abc import Callable

import pytest

from processor.forge import Forge
from processor.ledger import queries, runs
from processor.model import Outcome

REPOSITORY = "octo/hello"


@pytest.fixture
def publish(forge: Forge, scene, parts) -> Callable[[int], int]:
    """Publish for an issue as a run does; give the pull request's number."""

    def published(issue: int) -> int:
        branch = f"auto-fix/issue-{issue}"
        forge.commit_files(REPOSITORY, {f"{issue}.txt": "hi\n"}, branch=branch, author="octo")
        opened = forge.open_pull(REPOSITORY, title=f"Auto-fix: Greet (#{issue})", head=branch, author="octo")
        scene.publish(scene.finish(issue), parts.github.get_pull_request(REPOSITORY, opened.issue.number))
        return opened.issue.number

    return published


@pytest.fixture
def two(forge, publish) -> tuple[int, int]:
    """Two issues with a pull request each; the numbers of the pull requests."""
    second = forge.open_issue(REPOSITORY, "Greet the moon", "please", labels=["auto-processable"], author="octo")
    return publish(1), publish(second.number)


def _is_open(forge: Forge, number: int) -> bool:
    return forge.pull(REPOSITORY, number).issue.state == "open"


def test_every_pull_request_and_branch_is_taken_back_and_each_is_in_the_audit(aip, forge, scene, two):
    said = aip("undo", "--all", "--yes", "--reason", "we leave")
    assert (said.code, said.out.splitlines()[-1]) == (0, "done for 2 issues")
    assert "the queue is not paused, so more may be published meanwhile; `aip drain` first" in said.err
    assert not any(_is_open(forge, number) for number in two)
    assert set(forge.branches(REPOSITORY)) == {"main"}
    with scene.ledger.read() as db:
        acts = queries.audit_trail(db)
    assert {(act.action, act.target, act.reason) for act in acts} == {
        ("undo", f"octo/hello#{issue}", "we leave") for issue in (1, 2)
    }


def test_a_dry_run_shows_the_plan_and_writes_nothing(aip, forge, two):
    writes = forge.stats.writes
    said = aip("undo", "--all", "octo/hello", "--dry-run")
    assert said.code == 0
    assert [f"- close pull request #{number}" in said.out for number in two] == [True, True]
    assert forge.stats.writes == writes


def test_a_dry_run_of_one_issue_writes_nothing_either(aip, forge, two):
    writes = forge.stats.writes
    said = aip("undo", "octo/hello#1", "--dry-run", "--json")
    assert (said.code, said.json["done"]) == (0, False)
    assert said.json["steps"][0]["target"] == str(two[0])
    assert forge.stats.writes == writes


def test_a_merged_change_stays(aip, forge, two):
    forge.merge_pull(REPOSITORY, two[0])
    assert aip("undo", "--all", "--yes").code == 0
    assert forge.pull(REPOSITORY, two[0]).pull.merged_at is not None
    assert not _is_open(forge, two[1])


def test_a_run_at_work_is_named_and_the_others_are_done(aip, forge, scene, two):
    run_id = scene.start(3)
    with scene.ledger.write() as db:
        runs.set_commit(db, run_id, "0" * 40)
    said = aip("undo", "--all", "--yes", "--json")
    assert said.code == 1
    assert f"`aip queue cancel {run_id}` first" in said.err
    assert [one["issue"] for one in said.json["refused"]] == ["octo/hello#3"]
    assert [one["done"] for one in said.json["issues"]] == [True, True]
    assert not any(_is_open(forge, number) for number in two)


def test_a_second_time_there_is_nothing_left(aip, forge, two):
    assert aip("undo", "--all", "--yes").code == 0
    writes = forge.stats.writes
    said = aip("undo", "--all", "--yes")
    assert (said.code, said.out) == (0, "2 other issues: nothing of ours is left to undo\n")
    assert forge.stats.writes == writes
    assert two


def test_a_label_of_an_issue_that_was_given_up_goes_too(aip, forge, online, scene):
    scene.finish(1, Outcome.ERROR)
    forge.set_labels(REPOSITORY, 1, ["auto-processable", "auto-failed"])
    assert aip("undo", "--all", "--yes").code == 0
    assert set(forge.issue(REPOSITORY, 1).labels) == {"auto-processable"}
    assert online


def test_without_a_yes_nothing_is_changed(program, forge, two):
    said = program("undo", "--all", answers="n\n")
    assert said.code == 1
    assert "Take back what was published for 2 issues?" in said.err
    assert all(_is_open(forge, number) for number in two)


@pytest.mark.usefixtures("online")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "say what to undo: OWNER/REPO#N, or --all for every issue"),
        (("octo/hello#1", "--all"), "--all takes every issue; leave the issue out"),
        (("octo/hallo", "--all"), "neither the settings nor the ledger know a repository octo/hallo"),
    ],
)
def test_wrong_usage_is_one_line(aip, scene, arguments, why):
    scene.finish(1)
    said = aip("undo", *arguments, "--yes")
    assert said.code == 2
    assert why in said.err
