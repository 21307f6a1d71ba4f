"""`aip undo` takes back what is ours and nothing else, asks first, and may be said twice."""

from dataclasses import dataclass

import pytest

from processor.forge import Forge
from processor.intake.status_marker import STATUS_MARKER
from processor.ledger import queries
from processor.ledger.operators import Act
from processor.model import IssueRef, Outcome
from processor.operations import undo as operation
from processor.service.assembly import assemble
from processor.settings.load import load_settings

REPOSITORY = "octo/hello"
BRANCH = "auto-fix/issue-1"
REF = IssueRef(REPOSITORY, 1)


@dataclass(frozen=True)
class Published:
    """A pull request of ours, as a run left it."""

    run_id: str
    number: int
    sha: str


@pytest.fixture
def published(online, forge: Forge, scene) -> Published:
    """Issue #1 with our branch, pull request, label and comment."""
    forge.commit_files(REPOSITORY, {"README.md": "hi\n"}, branch=BRANCH, author="octo")
    opened = forge.open_pull(REPOSITORY, title="Auto-fix: Greet (#1)", head=BRANCH, author="octo")
    forge.set_labels(REPOSITORY, 1, ["auto-processable", "auto-failed", "help wanted"])
    forge.comment(REPOSITORY, 1, f"{STATUS_MARKER}\nOpened a pull request.", author="octo")
    forge.comment(REPOSITORY, 1, "Thank you!", author="ada")
    run_id = scene.finish(1)
    parts = assemble(load_settings(online.configs, {}), {})
    try:
        pull = parts.github.get_pull_request(REPOSITORY, opened.issue.number)
    finally:
        parts.close()
    scene.publish(run_id, pull)
    return Published(run_id, pull.number, pull.head_sha)


def test_pull_request_branch_label_and_comment_are_taken_back(aip, forge, scene, published):
    said = aip("undo", "octo/hello#1", "--yes", "--reason", "wrong approach")
    assert said.code == 0
    assert forge.pull(REPOSITORY, published.number).issue.state == "closed"
    assert BRANCH not in forge.branches(REPOSITORY)
    assert set(forge.issue(REPOSITORY, 1).labels) == {"auto-processable", "help wanted"}
    mine, thanks = forge.comments(REPOSITORY, 1)
    assert "took back what was published" in mine.body
    assert thanks.body == "Thank you!"
    with scene.ledger.read() as db:
        (pull,) = queries.pull_requests_of_issue(db, REF)
        (act,) = queries.audit_trail(db)
    assert pull.state == "closed"
    assert (act.action, act.target, act.reason) == ("undo", "octo/hello#1", "wrong approach")


def test_twice_does_no_harm(aip, forge, published):
    assert aip("undo", "octo/hello#1", "--yes").code == 0
    writes = forge.stats.writes
    said = aip("undo", "octo/hello#1", "--yes")
    assert (said.code, said.out) == (0, "nothing of ours is left to undo\n")
    assert forge.stats.writes == writes
    assert published.run_id


def test_afterwards_only_another_go_is_eligible(aip, published):
    aip("undo", "octo/hello#1", "--yes")
    assert "retry --again octo/hello#1" in aip("queue", "retry", "octo/hello#1").err
    assert aip("queue", "retry", "--again", "octo/hello#1").code == 0
    assert aip("queue", "show", "octo/hello#1", "--json").json["previous_pull_request"] == published.number


def test_a_branch_that_somebody_moved_stays(aip, forge, published):
    forge.commit_files(REPOSITORY, {"more.txt": "mine\n"}, branch=BRANCH, author="ada")
    said = aip("undo", "octo/hello#1", "--yes")
    assert said.code == 0
    assert "which is not a commit of ours" in said.out
    assert forge.branches(REPOSITORY)[BRANCH] != published.sha
    assert forge.pull(REPOSITORY, published.number).issue.state == "closed"


def test_a_merged_pull_request_stays_and_is_named(aip, forge, published):
    forge.merge_pull(REPOSITORY, published.number)
    said = aip("undo", "octo/hello#1", "--yes")
    assert f"pull request #{published.number} is merged and stays; revert it on GitHub" in said.out
    assert forge.pull(REPOSITORY, published.number).pull.merged_at is not None


@pytest.mark.parametrize(
    ("answer", "code", "why"), [("n\n", 1, "nothing was changed"), ("", 2, "--yes does it without asking")]
)
def test_without_a_yes_nothing_is_changed(program, forge, published, answer, code, why):
    writes = forge.stats.writes
    said = program("undo", "octo/hello#1", answers=answer)
    assert said.code == code
    assert why in said.err
    assert f"- close pull request #{published.number}" in said.out
    assert forge.stats.writes == writes
    assert BRANCH in forge.branches(REPOSITORY)


def test_a_yes_to_the_question_does_it(program, forge, published):
    said = program("undo", "octo/hello#1", answers="y\n")
    assert said.code == 0
    assert forge.pull(REPOSITORY, published.number).issue.state == "closed"


def test_before_a_json_answer_the_plan_is_shown_on_stderr(program, published):
    said = program("undo", "octo/hello#1", "--json", answers="y\n")
    assert f"- close pull request #{published.number}" in said.err
    assert said.json["done"] is True


def test_json_lists_the_steps(aip, published):
    found = aip("undo", "octo/hello#1", "--yes", "--json").json
    assert [step["kind"] for step in found["steps"]] == [
        "close_pull_request",
        "delete_branch",
        "remove_label",
        "update_comment",
    ]
    assert found["steps"][1]["commit"] == published.sha
    assert found["done"] is True


@pytest.mark.parametrize("has_ended", [False, True])
def test_a_run_that_began_since_it_was_planned_is_not_undone_under_the_hand(parts, forge, scene, published, has_ended):
    planned = operation.plan(parts.context(), REF)
    run_id, writes = (scene.finish if has_ended else scene.start)(1), forge.stats.writes
    refusal = rf"run {run_id} of octo/hello#1 (is running|ended since this was planned; say `aip undo)"
    with pytest.raises(operation.NothingOfOurs, match=refusal):
        operation.apply(parts.context(), planned, Act(actor="ada", action="undo", target=str(REF)))
    assert (forge.stats.writes, forge.pull(REPOSITORY, published.number).issue.state) == (writes, "open")
    with scene.ledger.read() as db:
        assert queries.audit_trail(db) == ()


@pytest.mark.usefixtures("online")
def test_where_nothing_is_ours_it_refuses(aip, forge, scene):
    scene.finish(1, Outcome.REJECTED)
    said = aip("undo", "octo/hello#1", "--yes")
    assert said.code == 1
    assert "nothing of ours is there for octo/hello#1" in said.err
    assert forge.stats.writes == 0


@pytest.mark.usefixtures("online")
def test_a_run_at_work_must_be_cancelled_first(aip, scene):
    run_id = scene.start(1)
    said = aip("undo", "octo/hello#1", "--yes")
    assert said.code == 1
    assert f"`aip queue cancel {run_id}` first" in said.err
