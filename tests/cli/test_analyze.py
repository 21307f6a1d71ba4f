"""`aip analyze` says the same of the ledger as of the service's log."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from processor.ledger import runs
from processor.model import Outcome, Priority
from tests.operations.test_log_times import HANDBOOK, OLD, OURS


@pytest.fixture
def day(scene):
    """Three processed runs, one cancelled, one at work."""
    scene.finish(1, priority=Priority.HIGH)
    scene.finish(2, Outcome.ERROR, priority=Priority.LOW)
    scene.finish(3, Outcome.REJECTED, priority=Priority.HIGH)
    scene.finish(4, Outcome.CANCELLED)
    return scene.start(5)


@pytest.mark.usefixtures("day")
def test_processed_runs_of_the_ledger_are_summed_up(aip):
    found = aip("analyze", "--json").json
    overall = found["overall"]
    assert (overall["count"], overall["bands"]) == (3, {"fast": 3, "medium": 0, "slow": 0})
    assert overall["mean_seconds"] == pytest.approx(34, abs=1)
    assert found["groups"] == {}
    assert {one["link"] for one in found["longest"]} == {f"http://127.0.0.1:9/octo/hello/issues/{n}" for n in (1, 2, 3)}


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("priority", {"high": 2, "low": 1}),
        ("repository", {"octo/hello": 3}),
        ("error", {"agent_exit": 1, "rejected": 1, "success": 1}),
        ("phase", {"prepare": 3, "agent": 3}),
    ],
)
def test_groups_are_told_apart(aip, by, counts):
    groups = aip("analyze", "--by", by, "--json").json["groups"]
    assert {name: one["count"] for name, one in groups.items()} == counts


@pytest.mark.usefixtures("day")
def test_the_longest_phases_are_told_by_name(aip):
    assert {one["phase"] for one in aip("analyze", "--by", "phase", "--json").json["longest"]} == {"prepare", "agent"}
    (head,) = [line.split() for line in aip("analyze", "--by", "phase").out.splitlines() if line.startswith("LONGEST")]
    assert head == ["LONGEST", "PHASE", "ISSUE", "RUN", "WHERE"]


@pytest.mark.usefixtures("day")
def test_the_text_has_bars_and_the_longest_with_their_links(aip):
    lines = aip("analyze", "--by", "priority").out.splitlines()
    assert lines[0] == "Processing time of 3 runs, from the ledger"
    assert lines[6].split() == ["<", "60", "s", "3", "100.0", "%", "█" * 40]
    assert lines[10].split()[0] == "PRIORITY"
    assert lines[-1].split()[-1].rstrip("123") == "http://127.0.0.1:9/octo/hello/issues/"


@pytest.mark.usefixtures("day")
def test_runs_that_ended_before_are_left_out(aip):
    said = aip("analyze", "--since", "1s")
    assert (said.code, said.out.partition(" since ")[0]) == (0, "no processing time is found in the ledger")
    assert aip("analyze", "--since", "1h", "--json").json["overall"]["count"] == 3


def test_a_pull_request_is_the_link_of_its_run(aip, scene, ledger):
    run_id = scene.finish(1)
    with ledger.write() as db:
        runs.set_pull_request(db, run_id, 9, "https://github.com/octo/hello/pull/9")
    assert aip("analyze", "--json").json["longest"][0]["link"] == "https://github.com/octo/hello/pull/9"


def test_logs_are_taken_together_and_what_is_odd_is_told(aip, office):
    plain, packed = office.root / "a.log", office.root / "b.log.gz"
    plain.write_text(OURS + OLD + "PROCESSING_COMPLETED never\n", encoding="utf-8")
    packed.write_bytes(gzip.compress(HANDBOOK.encode()))
    said = aip("analyze", "--log", str(plain), str(packed))
    assert said.out.splitlines()[0] == f"Processing time of 4 runs, from {plain}, {packed}"
    assert said.err == f"1 line without seconds, left out: {plain}:8\n"
    found = aip("analyze", "--log", str(plain), "--log", str(packed), "--json").json
    assert (found["longest"][0]["seconds"], found["remarks"]["without_number"]) == (301.0, 1)


def test_a_log_without_times_is_no_failure(aip, office):
    (office.root / "a.log").write_text("hello\n")
    said = aip("analyze", "--log", "a.log")
    assert (said.code, said.out) == (0, "no processing time is found in a.log\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--log", "a.log", "--by", "phase"), "logs hold no times of phases; leave --log out, and the ledger is asked"),
        (("--log", "a.log"), "a.log cannot be read (No such file or directory); name a log that is there and is yours"),
        (("a.log",), "a.log stands alone; write --log before the logs"),
        (
            ("--log", "a.log", "--since", "yesterday"),
            "'yesterday' is no moment; write a length of time such as 7d, or a date such as 2026-11-23",
        ),
    ],
)
@pytest.mark.usefixtures("office")
def test_what_cannot_be_done_is_said_with_the_remedy(aip, words, message):
    said = aip("analyze", *words)
    assert (said.code, said.out, said.err) == (2, "", f"aip: {message}\n")


def test_logs_need_no_settings(tmp_path):
    (tmp_path / "a.log").write_text(HANDBOOK)
    program = Path(sys.executable).parent / "aip"
    done = subprocess.run(
        [program, "analyze", "--log", "a.log"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Processing time of 1 run, from a.log")
