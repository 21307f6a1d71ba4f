"""`aip queue cancel` ends what waits, asks what works, and records who did."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from processor.ledger import endings, queries, runs
from processor.model import Outcome
from tests.cli.conftest import Scene


def test_a_run_that_waits_ends_at_once_and_the_act_is_recorded(aip, scene):
    run_id = scene.queue(1)
    said = aip("queue", "cancel", "octo/hello#1", "--reason", "wrong issue", "--json")
    assert said.code == 0
    assert (said.json["state"], said.json["outcome"]) == ("finished", "cancelled")
    with scene.ledger.read() as db:
        (act,) = queries.audit_trail(db)
    assert (act.action, act.target, act.reason) == ("queue.cancel", f"octo/hello#1 {run_id}", "wrong issue")
    assert "@" in act.actor


@contextmanager
def a_service_that_ends_it(scene: Scene, run_id: str, outcome: Outcome) -> Iterator[None]:
    """Have the run end once it was asked to stop."""

    def end_when_asked() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with scene.ledger.write() as db:
                if runs.get(db, run_id).cancel_requested_at is not None:
                    endings.finish(db, run_id, endings.Ending(outcome=outcome), time.time())
                    return
            time.sleep(0.02)

    service = threading.Thread(target=end_when_asked)
    service.start()
    yield
    service.join()


def test_a_run_that_works_is_asked_and_waited_for(aip, scene):
    run_id = scene.start(1)
    scene.announce_service()
    with a_service_that_ends_it(scene, run_id, Outcome.CANCELLED):
        said = aip("queue", "cancel", run_id)
    assert said.code == 0
    assert f"run {run_id} of octo/hello#1 ended: cancelled" in said.out


def test_a_run_that_comes_to_its_end_before_it_is_stopped_was_not_cancelled(aip, scene):
    run_id = scene.start(1)
    scene.announce_service()
    with a_service_that_ends_it(scene, run_id, Outcome.SUCCESS):
        said = aip("queue", "cancel", run_id)
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith(f"run {run_id} of octo/hello#1 ended before it could be stopped: success\n")


def test_who_asks_second_cancels_nothing_and_is_no_second_act(aip, scene):
    run_id = scene.start(1)
    scene.announce_service()
    for reason in ("wrong issue", "me too"):
        assert aip("queue", "cancel", run_id, "--no-wait", "--reason", reason).code == 0
    with scene.ledger.read() as db:
        assert [act.reason for act in queries.audit_trail(db)] == ["wrong issue"]


def test_without_waiting_the_answer_is_that_it_is_asked(aip, scene):
    run_id = scene.start(1)
    scene.announce_service()
    said = aip("queue", "cancel", run_id, "--no-wait")
    assert said.code == 0
    assert "is asked to stop" in said.out


def test_a_run_that_does_not_end_in_time_fails_the_command(aip, scene):
    run_id = scene.start(1)
    scene.announce_service()
    said = aip("queue", "cancel", run_id, "--timeout", "0")
    assert said.code == 1
    assert "has not ended within 0 s" in said.err


def test_nobody_waits_for_a_service_that_does_not_live(aip, scene):
    run_id = scene.start(1)
    said = aip("queue", "cancel", run_id)
    assert said.code == 1
    assert "no service lives to end it" in said.err


def test_a_run_that_has_ended_cannot_be_cancelled(aip, scene):
    run_id = scene.finish(1)
    said = aip("queue", "cancel", run_id)
    assert said.code == 1
    assert f"run {run_id} of octo/hello#1 has ended already: success" in said.err


@pytest.mark.usefixtures("scene")
def test_an_unknown_run_is_wrong_usage(aip):
    assert aip("queue", "cancel", "7-0000").code == 2
