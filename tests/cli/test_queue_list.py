"""`aip queue list` shows work in order, and strangers' titles steer nothing."""

import os
import re
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from processor.model import Outcome, Priority
from tests.terminals import STDOUT, on_terminal


def test_the_backlog_is_listed_in_order_of_work(aip, scene):
    late = scene.queue(1, priority=Priority.LOW)
    first = scene.queue(3, priority=Priority.CRITICAL)
    second = scene.queue(2, priority=Priority.HIGH)
    active = scene.start(4)
    said = aip("queue", "list", "--json")
    assert said.code == 0
    assert [run["run_id"] for run in said.json["backlog"]] == [first, second, late]
    assert [(run["run_id"], run["phase"]) for run in said.json["active"]] == [(active, "agent")]
    assert "finished" not in said.json


def test_text_names_each_run_on_one_whole_line(aip, scene):
    run_id = scene.queue(1, title="A title that is much longer than what fits into a line of eighty columns")
    lines = aip("queue", "list").out.splitlines()
    assert "Active: 0 runs" in lines
    assert "Backlog: 1 run" in lines
    line = next(line for line in lines if run_id in line)
    assert "octo/hello#1" in line
    assert line.rstrip().endswith("eighty columns")


def test_ended_runs_come_with_all_and_dead_letters_are_marked(aip, scene):
    dead = scene.finish(1, Outcome.ERROR)
    scene.finish(2, Outcome.REJECTED)
    said = aip("queue", "list", "--all")
    assert "error, dead letter" in next(line for line in said.out.splitlines() if dead in line)
    assert "1 dead letter: aip queue retry --dead-letters" in said.out
    found = aip("queue", "list", "--all", "--json").json
    assert {run["issue"]: run["is_dead_letter"] for run in found["finished"]} == {
        "octo/hello#1": True,
        "octo/hello#2": False,
    }


def test_a_dead_letter_that_was_retried_is_none_any_more(aip, scene):
    scene.finish(1, Outcome.ERROR)
    scene.finish(1, Outcome.SUCCESS)
    assert aip("queue", "list", "--json").json["dead_letters"] == []


def test_the_limit_cuts_the_ended_runs(aip, scene):
    for number in (1, 2, 3):
        scene.finish(number)
    assert len(aip("queue", "list", "--all", "--limit", "2", "--json").json["finished"]) == 2


def test_a_title_cannot_style_colour_or_break_the_table(aip, scene):
    scene.queue(1, title="[bold red]x[/]\x1b[31m\nBacklog: 99 runs\u202e")
    said = aip("queue", "list")
    assert r"[bold red]x[/]\x1b[31m\nBacklog: 99 runs\u202e" in said.out
    assert "\x1b" not in said.out


def test_that_it_is_paused_is_said_and_by_whom(aip, scene):
    scene.queue(1)
    assert "paused" not in aip("queue", "list").out
    aip("--as", "ada", "pause")
    assert "paused processing: aip resume takes issues again" in aip("queue", "list").out
    assert "ada" in aip("queue", "list").out


def test_that_no_service_lives_is_said(aip, scene):
    sentence = "no service lives: runs go on at the next `aip run`"
    assert sentence not in aip("queue", "list").out
    scene.start(1)
    assert sentence in aip("queue", "list").out
    assert aip("queue", "list", "--json").json["has_living_service"] is False
    scene.announce_service()
    assert sentence not in aip("queue", "list").out
    assert aip("queue", "list", "--json").json["has_living_service"] is True


@pytest.mark.usefixtures("office")
def test_a_limit_below_one_is_wrong_usage(aip):
    assert aip("queue", "list", "--limit", "0").code == 2


def test_on_a_terminal_of_80_columns_ids_stay_whole_and_the_title_is_cut(office, scene):
    active = scene.start(1, title="A title that is much longer than what fits into a line of eighty columns")
    waiting = scene.queue(
        12345, title="とても長い題名なので一行には収まらないはずです。どうなりますか", priority=Priority.CRITICAL
    )
    command = [str(Path(sys.executable).parent / "aip"), "queue", "list"]
    _, shown = on_terminal(command, STDOUT, cwd=office.root, env=os.environ, size=(24, 80))
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in shown.splitlines()]
    assert all(cell_len(line) <= 80 for line in lines)
    for run_id, ref in ((active, "octo/hello#1"), (waiting, "octo/hello#12345")):
        (line,) = [line for line in lines if line.startswith(f"{run_id} ")]
        assert f" {ref} " in line
        assert line.endswith("…")
