"""Upkeep of a ledger in PostgreSQL: old values go, statistics are renewed, and a writer at work is not kept waiting."""

import time

from processor.ledger.connection import Ledger
from processor.ledger.queries import read_snapshot
from processor.ledger.schema import runs
from processor.operations.upkeep.database import keep_database
from processor.settings.sections import MainFile
from tests.exporter.conftest import Scene
from tests.postgresql.conftest import Database

DAY = 86_400.0


def test_old_values_go_totals_stay_and_statistics_are_renewed(ledger: Ledger, database: Database) -> None:
    run_id = Scene(ledger).finish()
    then = time.time() - 100 * DAY
    with ledger.write() as db:
        db.execute(runs.update().where(runs.c.run_id == run_id).values(patch=b"x" * 100_000, finished_at=then))
    with ledger.read() as db:
        before = read_snapshot(db).totals
    done = keep_database(ledger, MainFile(), dry_run=False)
    assert done.did == (
        "1 old run emptied of patch, report and the agent's words",
        "space freed for new rows, statistics renewed",
    )
    with ledger.read() as db:
        assert read_snapshot(db).totals == before
        assert db.execute(runs.select()).one().patch is None
    vacuumed = database.admin(
        "SELECT count(*) FROM pg_stat_user_tables WHERE schemaname = 'aip' AND vacuum_count > 0 AND analyze_count > 0"
    )
    assert vacuumed[0][0] >= 20


def test_a_writer_at_work_is_not_kept_waiting_and_keeps_nobody_out(ledger: Ledger) -> None:
    Scene(ledger).finish()
    with ledger.read() as db:
        db.execute(runs.select())
        assert keep_database(ledger, MainFile(), dry_run=False).readings[0].after is not None
