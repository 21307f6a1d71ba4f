"""The exporter on PostgreSQL: the same numbers, and a server that goes away and comes back."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from exporter.ledger_reading import LedgerReading
from exporter.service import Exporter
from processor.errors import LedgerAbsent, LedgerError
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.queries import LedgerDoor, read_snapshot
from processor.model import Outcome
from processor.settings.sections import Exporter as ExporterSettings
from processor.settings.sections import MainFile, RepositorySettings, Settings, State
from tests.exporter.conftest import REPOSITORY, Client, Office, Scene, running_program
from tests.exporter.moments import Clock
from tests.postgresql.cluster import PASSWORD, Cluster
from tests.postgresql.conftest import Database


@pytest.fixture
def exporter(state: State) -> Iterator[Exporter]:
    limit = ExporterSettings(scrape_limit_seconds=1.5)
    main = MainFile(state=state, repositories=(RepositorySettings(name=REPOSITORY),), exporter=limit)
    made = Exporter(Settings(main=main), {"PGPASSWORD": PASSWORD})
    yield made
    made.close()


@pytest.fixture
def client(exporter: Exporter) -> Client:
    return Client(exporter.serve("127.0.0.1", 0))


def test_it_starts_before_the_first_ledger_and_shows_the_same_as_on_sqlite(client: Client, state: State) -> None:
    assert client.get("/-/ready").status_code == 503
    assert sum(client.scrape().values("aip_runs_total").values()) == 0
    ledger = open_ledger(state, PASSWORD)
    scene = Scene(ledger)
    scene.finish()
    scene.finish(Outcome.ERROR)
    scene.queue()
    client.scrape_until(lambda seen: sum(seen.values("aip_runs_total").values()) == 2)
    seen = client.scrape_until(lambda seen: all(seen.values("aip_exporter_collector_success").values()))
    assert seen.value("aip_runs_total", repository=REPOSITORY, priority="high", outcome="error") == 1
    assert seen.value("aip_run_duration_seconds_count", outcome="success") == 1
    assert seen.value("aip_queue_issues", repository=REPOSITORY, priority="high") == 1
    assert seen.value("aip_dead_letter_issues") == 1
    assert seen.value("aip_consecutive_failures") == 1
    assert client.get("/-/ready").status_code == 200
    ledger.close()


def test_a_session_that_ends_in_the_middle_of_a_round_spoils_that_round_alone(
    state: State, database: Database, ledger: Ledger
) -> None:
    Scene(ledger).finish()
    clock = Clock(0.0)
    reading = LedgerReading(LedgerDoor(state, lambda: PASSWORD), clock)
    one = text("SELECT 1")
    with reading.round():
        reading.snapshot()
        with pytest.raises(LedgerError, match="does not exist"), reading.connection() as db:
            db.execute(text("SELECT * FROM nowhere"))
        with reading.connection() as db:
            assert db.execute(one).scalar_one() == 1
        database.admin(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE application_name = 'aip-exporter'"
        )
        for told in ("terminating connection", "ended the connection; the next reading, in a second, opens one"):
            with pytest.raises(LedgerError, match=told), reading.connection() as db:
                db.execute(one)
    clock.now += 1
    with reading.round():
        assert len(reading.snapshot().last_outcomes) == 1
        with reading.connection() as db:
            assert db.execute(one).scalar_one() == 1
    reading.close()


def test_it_survives_a_server_that_goes_away_and_comes_back(client: Client, ledger: Ledger, cluster: Cluster) -> None:
    scene = Scene(ledger)
    scene.finish()
    client.scrape_until(lambda seen: sum(seen.values("aip_runs_total").values()) == 1)
    cluster.stop()
    try:
        seen = client.scrape_until(lambda seen: seen.value("aip_exporter_collector_success", collector="runs") == 0)
        assert sum(seen.values("aip_runs_total").values()) == 1
        assert seen.value("aip_exporter_collector_success", collector="host") == 1
        assert client.get("/-/ready").status_code == 503
    finally:
        cluster.start()
    client.scrape_until(lambda seen: seen.value("aip_exporter_collector_success", collector="runs") == 1)
    ledger.engine.dispose()
    scene.finish()
    client.scrape_until(lambda seen: sum(seen.values("aip_runs_total").values()) == 2)


def test_a_server_that_hangs_makes_no_scrape_late(client: Client, ledger: Ledger, database: Database) -> None:
    Scene(ledger).finish()
    client.scrape_until(lambda seen: sum(seen.values("aip_runs_total").values()) == 1)
    sessions = database.admin(
        f"SELECT pid FROM pg_stat_activity WHERE datname = '{database.name}' AND application_name = 'aip-exporter'"  # noqa: S608
    )
    # The postmaster first: a collector that has to wait would open a session that does not hang.
    postmaster = (database.cluster.folder / "data" / "postmaster.pid").read_text().split()[0]
    pids = [int(postmaster), *(int(str(pid)) for (pid,) in sessions)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        seen = client.scrape_until(lambda seen: seen.value("aip_exporter_collector_success", collector="runs") == 0)
        assert sum(seen.values("aip_runs_total").values()) == 1
        assert seen.value("aip_exporter_collector_success", collector="host") == 1
        assert client.get("/-/ready").text == "it is not done within the limit of a scrape\n"
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    client.scrape_until(lambda seen: seen.value("aip_exporter_collector_success", collector="runs") == 1)


def test_a_reader_can_write_nothing_and_leaves_no_transaction_open(
    state: State, ledger: Ledger, database: Database
) -> None:
    door = LedgerDoor(state, lambda: PASSWORD)
    with door.read() as db:
        assert read_snapshot(db).dead_letter_issues == 0
    with pytest.raises(Exception, match="read-only transaction"), door.read() as db:
        db.exec_driver_sql("DELETE FROM totals")
    with ledger.write() as db:
        db.exec_driver_sql("SELECT 1")
    open_since = database.admin(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'aip-exporter' AND state LIKE 'idle in%'"
        " AND datname = current_database()"
    )
    assert open_since == [(0,)]
    door.close()


def test_a_database_without_a_ledger_is_no_error(state: State) -> None:
    door = LedgerDoor(state, lambda: PASSWORD)
    with pytest.raises(LedgerAbsent, match="there is no ledger at"), door.read():
        pass
    door.close()


def test_it_stays_below_80_mib(ledger: Ledger, database: Database, tmp_path: Path) -> None:
    Scene(ledger).finish()
    office = Office(
        tmp_path,
        {
            "log_level": "INFO",
            "repositories": [{"name": REPOSITORY}],
            "default_agent": "tidy",
            "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
            "state": {"directory": str(tmp_path / "state"), "database_url": database.url},
            "logs": {"directory": str(tmp_path / "logs")},
        },
    )
    office.write()
    with running_program(office, tmp_path / "exporter.log", {**os.environ, "PGPASSWORD": PASSWORD}) as running:
        for _ in range(20):
            assert running.client.scrape().value("aip_exporter_collector_success", collector="runs") == 1
        assert psutil.Process(running.process.pid).memory_info().rss < 80 * 2**20
