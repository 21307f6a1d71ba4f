"""`aip explain` shows every rule with the value that decided, and what happens next; nothing is written."""

import pytest

from processor.ledger import operators, queries
from processor.ledger.operators import Act
from processor.model import IssueRef, Outcome, Priority

REPOSITORY = "octo/hello"
pytestmark = pytest.mark.usefixtures("online")


def test_an_eligible_issue_shows_every_rule_and_its_place(aip, forge, scene):
    scene.queue(5, priority=Priority.CRITICAL)
    scene.queue(6, priority=Priority.LOW)
    before = forge.stats.writes
    said = aip("explain", "octo/hello#1", "--json")
    found = said.json
    assert said.code == 0
    assert found["is_eligible"] is True
    assert [rule["rule"] for rule in found["rules"]][:3] == ["not_an_issue", "closed", "label_missing"]
    assert all(rule["is_satisfied"] for rule in found["rules"])
    assert (found["priority"], found["priority_reason"]) == ("high", "label p1")
    assert (found["position"], found["backlog"]) == (2, 2)
    assert found["next"] == ["the next poll puts it into the queue, at place 2 of 3"]
    assert forge.stats.writes == before
    with scene.ledger.read() as db:
        assert queries.issue(db, IssueRef(REPOSITORY, 1)) is None


def test_the_first_rule_that_refuses_is_the_reason_and_the_exit_code_is_0(aip, forge):
    forge.set_labels(REPOSITORY, 1, ["auto-processable", "wontfix"])
    said = aip("explain", "octo/hello#1")
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert said.code == 0
    assert lines[0] == "octo/hello#1 is not eligible: skip_label"
    assert "7 skip_label refuses wontfix" in lines
    assert lines[-1] == "next: nothing, because of the rule skip_label; take that label off"


def test_a_priority_from_the_title_names_the_word(aip, forge):
    forge.open_issue(REPOSITORY, "Urgent: door open", labels=["auto-processable"], author="octo")
    forge.open_issue(REPOSITORY, "Door", labels=["auto-processable"], author="octo")
    assert aip("explain", "octo/hello#2", "--json").json["priority_reason"] == "the word 'urgent' in the title"
    plain = aip("explain", "octo/hello#3", "--json").json
    assert plain["priority"] == "medium"
    assert plain["priority_reason"] == "no label and no word of the title names one"


def test_a_run_at_work_and_one_that_waits_are_named(aip, scene):
    waiting = scene.queue(1)
    found = aip("explain", "octo/hello#1", "--json").json
    assert found["next"] == [f"run {waiting} waits for its turn, at place 1 of 1"]
    aip("queue", "cancel", waiting)
    working = scene.start(1)
    assert aip("explain", "octo/hello#1", "--json").json["next"] == [f"run {working} works on it, in phase agent"]


def test_what_holds_an_eligible_issue_back_is_said(aip, online, scene):
    online.write_settings(publish={"max_pull_requests_per_hour": 1})
    scene.start(7)
    with scene.ledger.write() as db:
        operators.set_control(db, operators.PAUSED, True, Act(actor="ada@desk", action="pause", target="paused"), 1.0)
    found = aip("explain", "octo/hello#1", "--json").json
    assert found["pull_requests_this_hour_left"] == 0
    assert found["next"][1:] == [
        "nothing starts, because ada@desk paused processing; `aip resume` takes issues again",
        "the cap of pull requests in an hour is reached (publish.max_pull_requests_per_hour)",
    ]


def test_an_issue_of_a_repository_that_is_not_listed_needs_once(aip, online):
    online.write_settings(repositories=[{"name": "octo/other"}])
    said = aip("explain", "octo/hello#1")
    assert "next: only `aip once octo/hello#1` takes it" in said.out


def test_an_earlier_failure_is_the_reason(aip, scene):
    scene.finish(1, Outcome.TIMEOUT)
    found = aip("explain", "octo/hello#1", "--json").json
    assert found["reason"] == "failed_before"
    remedy = "see `aip queue show octo/hello#1`, then `aip queue retry octo/hello#1`"
    assert found["next"] == [f"nothing, because of the rule failed_before; {remedy}"]


def test_a_title_of_a_stranger_is_shown_and_not_obeyed(aip, forge):
    forge.edit_issue(REPOSITORY, 1, title="[red]x[/red] \x1b[2J boom")
    said = aip("explain", "octo/hello#1")
    assert r"[red]x[/red] \x1b[2J boom" in said.out
    assert "\x1b" not in said.out


def test_an_issue_that_does_not_exist_fails(aip):
    said = aip("explain", "octo/hello#99")
    assert said.code == 1
    assert said.out == ""
