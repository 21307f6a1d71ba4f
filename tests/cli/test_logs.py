"""`aip logs` tells a run's story and shows what its agent printed, without obeying it."""

import threading
import time

import pytest

from processor.ledger import endings
from processor.model import Outcome


def test_the_story_is_in_order_and_says_where_the_files_are(aip, office, scene):
    run_id = scene.finish(1, Outcome.ERROR)
    (office.run_folder(run_id) / "agent.stdout").write_text("hello")
    said = aip("logs", run_id)
    whats = [line.split("  ", 1)[1] for line in said.out.splitlines() if "  " in line and line.startswith("20")]
    assert said.code == 0
    assert whats == [
        "queued: by poll, priority high",
        "released: to processor-1",
        "attempt 1 started",
        "phase prepare: ok in 2.0 s",
        "phase agent: agent_exit in 30 s",
        "attempt 1 failed: agent_exit: agent tidy exited with code 3; no further attempt",
        "finished: error, agent tidy exited with code 3",
    ]
    assert "  agent.stdout  5 bytes" in said.out.splitlines()


def test_json_holds_events_and_files(aip, office, scene):
    run_id = scene.finish(1)
    file = office.run_folder(run_id) / "agent.stdout"
    file.write_text("hello")
    found = aip("logs", run_id, "--json").json
    assert found["events"][0]["what"] == "queued"
    assert found["files"] == [str(file)]


def test_what_the_agent_printed_cannot_steer_the_terminal(aip, office, scene):
    run_id = scene.finish(1)
    folder = office.run_folder(run_id)
    (folder / "agent.stdout").write_bytes(b"line one\n\x1b]0;owned\x07two \xff\n")
    (folder / "agent.stderr").write_text("warned\n")
    said = aip("logs", run_id, "--agent")
    assert said.out == "line one\n\\x1b]0;owned\\x07two \ufffd\nwarned\n"
    assert "--- stderr of the agent" in said.err


def test_following_ends_with_the_run_and_misses_nothing(aip, office, scene):
    run_id = scene.start(1)
    file = office.run_folder(run_id) / "agent.stdout"
    file.write_text("first\n")

    def go_on() -> None:
        with file.open("a") as out:
            out.write("second\n")
        with scene.ledger.write() as db:
            endings.finish(db, run_id, endings.Ending(outcome=Outcome.SUCCESS), time.time())

    agent = threading.Timer(0.5, go_on)
    agent.start()
    said = aip("logs", run_id, "--agent", "--follow")
    agent.join()
    assert (said.code, said.out) == (0, "first\nsecond\n")


def test_a_link_in_place_of_the_output_is_not_followed(aip, office, scene):
    run_id = scene.finish(1)
    (office.root / "secret").write_text("secret")
    (office.run_folder(run_id) / "agent.stdout").symlink_to(office.root / "secret")
    said = aip("logs", run_id, "--agent")
    assert said.code == 1
    assert "secret" not in said.out


def test_a_run_without_output_here_fails_and_says_why(aip, scene):
    run_id = scene.start(1)
    said = aip("logs", run_id, "--agent")
    assert said.code == 1
    assert f"run {run_id} of processor-1 has no agent output" in said.err
    assert f"`aip logs {run_id}` tells its story" in said.err


@pytest.mark.usefixtures("office")
def test_follow_without_agent_is_wrong_usage(aip):
    assert aip("logs", "1-abc", "--follow").code == 2
    assert aip("logs", "1-abc", "--agent", "--json").code == 2
