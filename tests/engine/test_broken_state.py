"""A state folder with something damaged or in the way: one clear error, and mending it loses nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from processor.engine.durable import EngineDatabase
from processor.errors import LedgerError
from tests.acceptance.system import System, wait_until

MOVE_AWAY = "make it writable for this user, or move it away: the next start makes it anew from the ledger"


def test_damaged_jobs_are_told_and_a_run_goes_on_without_them(system: System) -> None:
    ref = system.open_issue(labels=["agent:wait"])
    first = system.start()
    wait_until((system.marks / "agent-started").exists, "the agent")
    system.kill(first)
    jobs = system.root / "state" / "engine.sqlite"
    for file in jobs.parent.glob("engine.sqlite*"):
        file.write_bytes(b"no database, whatever its name says" * 1000)
    said = system.aip("run")
    assert said.returncode == 1
    assert said.stderr.splitlines() == [
        f"aip: the engine's jobs in {jobs} cannot be opened: file is not a database; {MOVE_AWAY}"
    ]
    for file in jobs.parent.glob("engine.sqlite*"):
        file.unlink()
    (system.marks / "agent-go").touch()
    second = system.start()
    system.assert_one_pull_request(ref)
    assert system.stop(second) == 0
    system.assert_nothing_left()


@pytest.mark.parametrize(
    ("in_the_way", "told"),
    [
        ("engine.sqlite", "the engine's jobs in {place} cannot be opened: unable to open database file; " + MOVE_AWAY),
        (
            "instances/host-a.lock",
            "the lock {place} cannot be opened (Is a directory); make its folder writable for this user",
        ),
    ],
    ids=["the jobs", "the lock"],
)
def test_what_cannot_be_opened_is_told_in_one_line(system: System, in_the_way: str, told: str) -> None:
    place: Path = system.root / "state" / in_the_way
    place.mkdir(parents=True)
    said = system.aip("run")
    assert (said.returncode, said.stderr.splitlines()) == (1, [f"aip: {told.format(place=place)}"])


def test_jobs_without_room_are_not_to_be_moved_away(tmp_path: Path) -> None:
    jobs = tmp_path / "engine.sqlite"
    with closing(sqlite3.connect(jobs)) as db:
        db.execute("PRAGMA max_page_count = 2")
        with pytest.raises(LedgerError) as told, EngineDatabase(f"sqlite:///{jobs}").opening():
            db.execute("CREATE TABLE jobs AS SELECT zeroblob(100000)")
    assert str(told.value) == (
        f"the engine's jobs in {jobs} cannot be opened: database or disk is full; free space on its disk"
    )
