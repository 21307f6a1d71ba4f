"""Checklists over PostgreSQL: each section once for two services at one moment, every item read, signatures kept."""

import threading
import time
from datetime import date, timedelta
from pathlib import Path

from processor.checklists.going_through import found_of, go_through
from processor.checklists.items import ITEMS
from processor.checklists.readings.packages import Outdated
from processor.checklists.readings.upkeep import read_room
from processor.checklists.sources import Sources
from processor.ledger import checklists, queries
from processor.ledger.checklists import Signature
from processor.ledger.connection import Ledger, unopened_ledger
from processor.model import Checklist, Outcome, Turn
from processor.settings.sections import Logs, MainFile, Settings, State
from tests.postgresql.conftest import Database
from tests.reports.scene import Scene

TODAY = date(2026, 11, 26)
TURN = Turn(Checklist.DAILY, "processing", TODAY, 0.0)


def _sources(ledger: Ledger, folder: Path) -> Sources:
    main = MainFile(state=State(directory=folder / "state"), logs=Logs(directory=folder / "logs"))
    return Sources(ledger, Settings(main=main), time.time(), lambda: Outdated(1, ()))


def test_a_turn_is_taken_by_one_of_several_services(ledger: Ledger, state: State, password: str) -> None:
    services = [ledger, *(unopened_ledger(state, password) for _ in range(3))]
    gate, taken = threading.Barrier(len(services)), []

    def take(place: int) -> None:
        gate.wait()
        with services[place].write() as db:
            taken.append(checklists.take_turn(db, TURN, f"host-{place}", 1000.0))

    threads = [threading.Thread(target=take, args=(place,)) for place in range(len(services))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in services[1:]:
        other.close()
    assert sorted(taken) == [False, False, False, True]
    with ledger.write() as db:
        assert not checklists.take_turn(db, TURN, "host-x", 1899.0)
        assert checklists.take_turn(db, TURN, "host-x", 1901.0)  # the first one died


def test_every_item_is_read_and_its_numbers_are_those_of_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    scene, sources = Scene(ledger), _sources(ledger, tmp_path)
    noon = sources.day().start + 43_200
    for outcome in (Outcome.SUCCESS, Outcome.SUCCESS, Outcome.ERROR, Outcome.REJECTED):
        scene.finish(noon, outcome)
    scene.carry("host-a", {sources.now: 0.4, sources.week().start: 0.5})
    scene.stand(sources.now)
    found = go_through(ITEMS, sources)
    assert {name: one.error for name, one in found.items() if one.error} == {}
    assert {one.name: one.value for one in found["success_rate"].evidence} == {
        "success_rate": 50.0, "processed": 4, "failed_runs": 1, "rejected_runs": 1,
    }  # fmt: skip
    assert {one.name: one.value for one in found["resource_use"].evidence} == {
        "cpu": 40.0,
        "memory": 20.0,
        "disk": 50.0,
    }
    assert found["queue"].evidence[0].value == 4
    with ledger.write() as db:
        checklists.finish_turn(db, TURN, found_of({"queue": found["queue"]}), "host-a", sources.now)
        for note in ("looked", "mended"):
            checklists.sign(
                db,
                Signature(
                    checklist=Checklist.DAILY, date=TODAY, item="queue", signed_at=sources.now, signed_by="hanako",
                    note=note,
                ),
            )  # fmt: skip
    with ledger.read() as db:
        ((item,),) = (one.items for one in queries.checklist_standings(db))
        assert queries.checklist_of(db, "daily", (TODAY - timedelta(days=1)).isoformat()) == ()
    assert (item.item, item.signature and item.signature.note) == ("queue", "mended")


def test_unused_room_is_that_of_dead_rows(ledger: Ledger, database: Database, tmp_path: Path) -> None:
    scene, sources = Scene(ledger), _sources(ledger, tmp_path)
    scene.carry("host-a", {sources.now - 3600 * hour: 0.4 for hour in range(200)})
    database.admin("ALTER TABLE aip.host_hours SET (autovacuum_enabled = false)")
    database.admin("UPDATE aip.host_hours SET cpu_max = 0.5")
    database.admin("SELECT pg_stat_force_next_flush()")
    before = read_room(sources)
    assert (before.size_bytes > 100_000, before.vacuumed_at) == (True, None)
    assert before.free_ratio > 0.3
    database.admin("VACUUM ANALYZE aip.host_hours")
    after = read_room(sources)
    assert after.free_ratio < before.free_ratio / 2
    assert after.vacuumed_at is not None
