"""`aip pause`, `resume` and `drain` set one switch, and drain waits for what is active."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from processor.ledger import endings, operators, queries, services
from processor.model import Outcome


@pytest.fixture
def living_service(ledger) -> None:
    """A service whose last beat stays young, however long a busy machine takes to start a program."""
    now = time.time() + 600
    record = services.ServiceRecord(
        instance="processor-1", host="nowhere", pid=1, url="http://127.0.0.1:9", state="running",
        started_at=now, heartbeat_at=now,
    )  # fmt: skip
    with ledger.write() as db:
        services.announce(db, record)


def test_pause_holds_until_resume_and_both_are_recorded(aip, ledger):
    assert aip("pause", "--reason", "upgrade", "--json").json == {"paused": True, "active": 0}
    with ledger.read() as db:
        control = operators.get_control(db, operators.PAUSED)
    assert control is not None
    assert control.reason == "upgrade"
    assert aip("resume", "--json").json == {"paused": False, "active": 0}
    with ledger.read() as db:
        assert operators.get_control(db, operators.PAUSED) is None
        assert [act.action for act in queries.audit_trail(db)] == ["resume", "pause"]


def test_whose_pause_it_was_is_said_to_who_pauses_again(aip, ledger):
    with ledger.write() as db:
        act = operators.Act(actor="ada@desk", action="pause", target="paused", reason="upgrade")
        operators.set_control(db, operators.PAUSED, True, act, 1.0)
    said = aip("pause", "--reason", "reboot")
    assert said.err == "ada@desk had paused it already: upgrade; `aip status` shows your word from now on\n"
    assert (said.code, said.out) == (0, "paused; nothing is active; `aip resume` takes issues again\n")


@pytest.mark.usefixtures("office")
def test_pause_may_come_before_the_first_start(aip):
    said = aip("pause")
    assert (said.code, said.out) == (0, "paused; nothing is active; `aip resume` takes issues again\n")


def test_resume_without_a_pause_says_so_and_is_no_act(aip, ledger):
    said = aip("resume")
    assert said.code == 0
    assert said.err == "it was not paused\n"
    with ledger.read() as db:
        assert queries.audit_trail(db) == ()


def test_active_runs_go_on_while_paused(aip, scene):
    scene.start(1)
    assert aip("pause").out == "paused; 1 active run goes on; `aip resume` takes issues again\n"


@pytest.mark.usefixtures("living_service")
def test_drain_waits_until_nothing_is_active(aip, scene):
    run_id = scene.start(1)

    def end_once_paused() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with scene.ledger.write() as db:
                if operators.get_control(db, operators.PAUSED) is not None:
                    endings.finish(db, run_id, endings.Ending(outcome=Outcome.SUCCESS), time.time())
                    return
            time.sleep(0.02)

    worker = threading.Thread(target=end_once_paused)
    worker.start()
    said = aip("drain", "--json")
    worker.join()
    assert (said.code, said.json) == (0, {"paused": True, "active": 0})


@pytest.mark.usefixtures("living_service")
def test_drain_does_not_say_that_it_is_paused_when_somebody_resumed_meanwhile(aip, scene):
    run_id = scene.start(1)

    def resume_once_paused() -> None:
        word = operators.Act(actor="ada@desk", action="resume", target="processing")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with scene.ledger.write() as db:
                if operators.clear_control(db, operators.PAUSED, word, time.time()):
                    endings.finish(db, run_id, endings.Ending(outcome=Outcome.SUCCESS), time.time())
                    return
            time.sleep(0.02)

    other = threading.Thread(target=resume_once_paused)
    other.start()
    said = aip("drain")
    other.join()
    assert (said.code, said.out) == (1, "")
    assert "somebody resumed processing while this command waited" in said.err


@pytest.mark.usefixtures("living_service")
def test_drain_gives_up_in_time_and_stays_paused(aip, scene):
    run_id = scene.start(1)
    said = aip("drain", "--timeout", "0")
    assert said.code == 1
    assert f"1 run still active after 0 s ({run_id})" in said.err
    with scene.ledger.read() as db:
        assert operators.get_control(db, operators.PAUSED) is not None


def test_drain_does_not_wait_for_runs_that_no_service_works_on(aip, scene):
    scene.start(1)
    said = aip("drain")
    assert said.code == 1
    assert "no service lives" in said.err


@pytest.mark.usefixtures("office")
def test_a_negative_wait_is_wrong_usage(aip):
    assert aip("drain", "--timeout", "-1").code == 2


@pytest.mark.usefixtures("living_service")
def test_an_interrupted_drain_exits_130_and_leaves_no_traceback(office, scene):
    scene.start(1)
    # A shell gives what it starts in the background SIGINT to ignore, these tests and their children included.
    command = ["env", "--default-signal=INT", str(Path(sys.executable).parent / "aip"), "drain"]
    with subprocess.Popen(command, cwd=office.root, stderr=subprocess.PIPE, text=True) as waiting:
        deadline = time.monotonic() + 60
        is_paused = False
        while not is_paused and time.monotonic() < deadline:
            with scene.ledger.read() as db:
                is_paused = operators.get_control(db, operators.PAUSED) is not None
        waiting.send_signal(signal.SIGINT)
        _, said = waiting.communicate(timeout=60)
    assert waiting.returncode == 130
    assert "interrupted; the pause holds until `aip resume`; `aip drain` waits on" in said
    assert "Traceback" not in said
