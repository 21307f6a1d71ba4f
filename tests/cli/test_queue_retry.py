"""`aip queue retry` makes a new run at once, or says which rule speaks against it."""

import pytest

from processor.ledger import queries
from processor.model import Issue, IssueRef, Outcome

REPOSITORY = "octo/hello"


@pytest.mark.usefixtures("online")
def test_an_issue_that_failed_is_queued_again(aip, scene):
    scene.finish(1, Outcome.ERROR)
    said = aip("queue", "retry", "octo/hello#1", "--reason", "disk was full", "--json")
    assert said.code == 0
    (queued,) = said.json["queued"]
    with scene.ledger.read() as db:
        (run,) = queries.backlog(db)
        (act,) = queries.audit_trail(db)
        record = queries.issue(db, IssueRef(REPOSITORY, 1))
    assert (run.run_id, run.ref) == (queued["run_id"], IssueRef(REPOSITORY, 1))
    assert (act.action, act.reason, run.requested_by) == ("queue.retry", "disk was full", act.actor)
    assert record is not None
    assert record.retry_requested == "retry"


@pytest.mark.usefixtures("online")
def test_a_word_is_used_up_by_the_end_of_its_run(aip, scene):
    scene.finish(1, Outcome.ERROR)
    aip("queue", "retry", "octo/hello#1")
    aip("queue", "cancel", "octo/hello#1")
    with scene.ledger.read() as db:
        record = queries.issue(db, IssueRef(REPOSITORY, 1))
    assert record is not None
    assert record.retry_requested is None


@pytest.mark.usefixtures("online")
def test_a_rule_that_still_speaks_against_it_refuses_and_changes_nothing(aip, forge, scene):
    scene.finish(1, Outcome.ERROR)
    forge.set_labels(REPOSITORY, 1, ["auto-processable", "wontfix"])
    said = aip("queue", "retry", "octo/hello#1")
    assert said.code == 1
    assert "octo/hello#1 is refused by the rule skip_label (wontfix)" in said.err
    with scene.ledger.read() as db:
        assert queries.backlog(db) == ()
        assert queries.audit_trail(db) == ()
        assert queries.issue(db, IssueRef(REPOSITORY, 1)) is None


@pytest.mark.usefixtures("online", "scene")
def test_a_second_retry_finds_the_run_active(aip):
    assert aip("queue", "retry", "octo/hello#1").code == 0
    said = aip("queue", "retry", "octo/hello#1")
    assert said.code == 1
    assert "refused by the rule active" in said.err


@pytest.mark.usefixtures("online")
def test_dead_letters_are_retried_all_and_those_refused_are_named(aip, forge, scene):
    forge.open_issue(REPOSITORY, "Second", labels=["auto-processable"], author="octo")
    forge.open_issue(REPOSITORY, "Third", labels=["auto-processable", "wontfix"], author="octo")
    scene.finish(1, Outcome.ERROR)
    scene.finish(2, Outcome.TIMEOUT)
    scene.finish(3, Outcome.ERROR)
    said = aip("queue", "retry", "--dead-letters", "--json")
    assert said.code == 1
    assert [one["issue"] for one in said.json["queued"]] == ["octo/hello#1", "octo/hello#2"]
    assert [one["issue"] for one in said.json["refused"]] == ["octo/hello#3"]


@pytest.mark.usefixtures("online", "ledger")
def test_no_dead_letter_is_no_failure(aip):
    said = aip("queue", "retry", "--dead-letters")
    assert (said.code, said.out) == (0, "there is no dead letter\n")


def test_what_a_first_start_holds_back_is_let_go(aip, online, scene, read_issue):
    scene.hold(read_issue(1))
    assert "1 issue of octo/hello wait" in aip("queue", "list").out
    online.write_settings(repositories=[{"name": "octo/other"}])
    assert aip("queue", "retry", "--waiting", "octo/other", "--json").json == {"let_go": 0}
    assert aip("queue", "retry", "--waiting", "octo/hello", "--json").json == {"let_go": 1}
    with scene.ledger.read() as db:
        assert queries.waiting_issues(db) == 0
        assert [(act.action, act.target) for act in queries.audit_trail(db)] == [("queue.let_go", "octo/hello")]


@pytest.mark.parametrize(
    ("typed", "advice"), [("octo/helo", "did you mean octo/hello?"), ("ada/castle", "known: octo/hello")]
)
@pytest.mark.usefixtures("online")
def test_a_repository_that_nobody_knows_is_wrong_usage(aip, scene, typed, advice):
    said = aip("queue", "retry", "--waiting", typed)
    assert (said.code, said.out) == (2, "")
    assert f"neither the settings nor the ledger know a repository {typed}; {advice}" in said.err
    with scene.ledger.read() as db:
        assert queries.audit_trail(db) == ()


@pytest.mark.usefixtures("scene")
def test_the_sandbox_of_the_canary_is_never_advised(aip, online):
    online.write_settings(canary={"repository": "octo/hello-sandbox"})
    said = aip("queue", "retry", "--waiting", "octo/hello-sandbx")
    assert said.err.endswith("a repository octo/hello-sandbx; did you mean octo/hello?\n")
    assert "known: octo/hello\n" in aip("queue", "retry", "--waiting", "ada/castle").err
    assert aip("queue", "retry", "--waiting", "octo/hello-sandbox").code == 0


def test_an_issue_of_a_repository_that_is_not_listed_needs_once(aip, online, scene):
    online.write_settings(repositories=[{"name": "octo/other"}])
    said = aip("queue", "retry", "octo/hello#1")
    assert said.code == 1
    assert (
        "octo/hello#1 is refused, because octo/hello is not in the settings; add it to repositories in "
        "configs/auto_issue_processor.yaml, or process this one issue by `aip once octo/hello#1`"
    ) in said.err
    with scene.ledger.read() as db:
        assert queries.backlog(db) == ()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "say what to retry"),
        (("--waiting", "--dead-letters"), "choose one"),
        (("octo/hello#1", "--dead-letters"), "leave the issue out"),
        (("octo/hello#1", "--waiting"), "is not a repository"),
        (("octo/hello", "--waiting", "--again"), "leave it out with --waiting"),
        (("octo/hello",), "is not an issue"),
    ],
)
@pytest.mark.usefixtures("online")
def test_contradictions_are_wrong_usage(aip, words, message):
    said = aip("queue", "retry", *words)
    assert said.code == 2
    assert message in said.err


@pytest.mark.usefixtures("online")
def test_an_issue_that_does_not_exist_fails(aip):
    said = aip("queue", "retry", "octo/hello#77")
    assert said.code == 1
    assert "Traceback" not in said.err


@pytest.mark.usefixtures("online")
def test_an_issue_title_is_read_fresh(aip, forge, read_issue):
    issue: Issue = read_issue(1)
    assert issue.title == "Greet the world"
    forge.edit_issue(REPOSITORY, 1, title="Greet everybody")
    aip("queue", "retry", "octo/hello#1")
    assert aip("queue", "show", "octo/hello#1", "--json").json["title"] == "Greet everybody"
