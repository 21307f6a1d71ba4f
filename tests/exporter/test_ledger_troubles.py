"""The ledger may be absent, damaged, newer, away and back: the exporter says so in one line and goes on."""

import shutil
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from processor.model import Outcome


def _file(office) -> Path:
    return office.root / "state" / "ledger.sqlite"


def _total(seen) -> float:
    return sum(seen.values("aip_runs_total").values())


def _success(seen, collector: str = "runs") -> float:
    return seen.value("aip_exporter_collector_success", collector=collector)


def test_a_first_ledger_shows_up_while_it_runs(serve, request):
    client = serve()
    assert _total(client.scrape()) == 0
    assert _success(client.scrape()) == 1
    scene = request.getfixturevalue("scene")
    scene.finish()
    client.scrape_until(lambda seen: _total(seen) == 1)


def test_before_the_first_ledger_every_series_is_there_that_an_empty_one_has(serve, office):
    client = serve("runs", "recent", "backlog", "pull_requests", "github_limits", "reports", "drills")
    before = client.scrape()
    assert before.value("aip_report_runs", period="day", priority="high", outcome="error") == 0
    office.ledger().close()
    client.scrape_until(lambda _: client.get("/-/ready").status_code == 200)
    assert client.scrape().samples.keys() == before.samples.keys()


def test_a_ledger_that_is_gone_is_not_an_empty_one(serve, scene, office, ledger):
    scene.finish()
    client = serve()
    assert _total(client.scrape()) == 1
    ledger.close()
    kept = office.root / "kept.sqlite"
    shutil.move(_file(office), kept)
    seen = client.scrape_until(lambda seen: _success(seen) == 0)
    assert _total(seen) == 1
    assert _success(seen, "host") == 1
    told = client.get("/-/ready")
    assert told.status_code == 503
    assert told.text == f"the ledger {_file(office)} was there and is gone; put it back, or restore a backup\n"
    shutil.copy(kept, _file(office))
    client.scrape_until(lambda seen: _success(seen) == 1)
    assert client.get("/-/ready").status_code == 200


def test_a_damaged_backup_is_told_and_the_last_values_stay_until_a_sound_one_is_there(serve, scene, office, ledger):
    scene.finish()
    ledger.close()
    sound = _file(office).read_bytes()
    client = serve()
    assert _total(client.scrape()) == 1
    _restore(office, sound[:100] + b"damage" * (len(sound) // 6))
    seen = client.scrape_until(lambda seen: _success(seen) == 0)
    assert (_total(seen), _success(seen, "host")) == (1, 1)
    assert "database disk image is malformed; say `aip backup restore latest --force`" in client.get("/-/ready").text
    _restore(office, sound)
    client.scrape_until(lambda seen: _success(seen) == 1)
    assert client.get("/-/ready").status_code == 200


def _restore(office, content: bytes) -> None:
    for file in _file(office).parent.iterdir():
        file.unlink()
    _file(office).write_bytes(content)


def test_a_ledger_that_was_replaced_is_the_one_that_is_read(serve, scene, office, ledger):
    for _ in range(3):
        scene.finish()
    client = serve("runs")
    assert _total(client.scrape()) == 3
    ledger.close()
    for file in _file(office).parent.iterdir():
        file.unlink()
    office.ledger().close()
    client.scrape_until(lambda seen: _total(seen) == 0)


def test_a_file_that_is_no_database_is_named(program, office):
    _file(office).parent.mkdir()
    _file(office).write_bytes(b"not a database at all, whatever its name says" * 100)
    done = program("--collectors", "runs,slo", "--once")
    assert done.code == 1
    assert done.err == (
        f"aip-exporter: the ledger {_file(office)} cannot be read: file is not a database; "
        "say `aip backup restore latest --force`, or without a backup see docs/incident-response.md\n"
    )
    assert 'aip_slo_objective_ratio{slo="success"} 0.85' in done.out
    assert "aip_runs_total" not in done.out.replace("# ", "")


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ("9999", "which this program (schema {known}) does not know; start the newer program"),
        ("0001", "this program needs {known}; start `aip run` of this version"),
    ],
)
def test_a_ledger_of_another_schema_is_refused_and_left_alone(program, office, schema, told):
    office.ledger().close()
    with sqlite3.connect(_file(office)) as connection:
        known = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        connection.execute("UPDATE alembic_version SET version_num = ?", (schema,))
    connection.close()
    before = _file(office).read_bytes()
    done = program("--once", "--collectors", "runs")
    assert (done.code, done.err) == (1, f"aip-exporter: the ledger has schema {schema}, {told.format(known=known)}\n")
    assert _file(office).read_bytes() == before


def test_an_unreachable_server_is_named_without_its_password(program, office):
    secret = office.root / "password"
    secret.write_text("hunter2-secret")
    office.write(state={"database_url": "postgresql://aip@127.0.0.1:1/aip", "database_password_file": str(secret)})
    done = program("--once", "--collectors", "runs")
    assert done.code == 1
    assert done.err.startswith("aip-exporter: the ledger postgresql+psycopg://aip@127.0.0.1:1/aip cannot be read: ")
    assert done.err.count("\n") == 1
    assert "hunter2" not in done.err


def test_an_unreadable_secret_ends_it_with_2(program, office):
    office.write(state={"database_url": "postgresql://aip@127.0.0.1:1/aip", "database_password_file": "nowhere"})
    done = program("--listen", "127.0.0.1:0")
    assert done.code == 2
    assert done.err == (
        "aip-exporter: nowhere: state.database_password_file: the file cannot be read (No such file or directory); "
        "put the password alone into it, or set PGPASSWORD\n"
    )


def test_reading_makes_nothing_and_keeps_no_writer_waiting(serve, scene, office, ledger):
    client = serve()
    with ledger.write() as db:
        client.scrape()  # while the write lock is held
        assert db.exec_driver_sql("SELECT 1").scalar() == 1
    began = time.monotonic()
    scene.finish()
    assert time.monotonic() - began < 10
    assert {path.name for path in office.root.iterdir()} <= {"configs", "state"}


def test_it_makes_no_file_of_its_own(program, office):
    done = program("--once", "--collectors", "runs")
    assert done.code == 1
    assert not (office.root / "state").exists()


def test_kill_9_changes_nothing(run_program, scene, ledger):
    scene.finish()
    running = run_program()
    before = running.client.scrape()
    running.process.send_signal(signal.SIGKILL)
    running.process.wait(60)
    scene.finish(Outcome.ERROR)
    again = run_program().client.scrape()
    assert _total(before) == 1
    assert _total(again) == 2
    with ledger.read() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@pytest.mark.usefixtures("scene")
def test_a_stopped_exporter_leaves_in_good_order(run_program):
    running = run_program()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(60) == 0
    assert '"event": "exporter.stopped"' in running.log.read_text()
    assert "Traceback" not in running.log.read_text()


@pytest.mark.usefixtures("scene")
def test_trouble_is_logged_once_not_at_every_scrape(run_program, office, ledger):
    running = run_program()
    ledger.close()
    shutil.move(_file(office), office.root / "kept.sqlite")
    running.client.scrape_until(lambda seen: _success(seen) == 0)
    for _ in range(3):
        running.client.scrape()
    shutil.copy(office.root / "kept.sqlite", _file(office))
    running.client.scrape_until(lambda seen: _success(seen) == 1)
    log = running.log.read_text()
    assert log.count('"event": "ledger.unreachable"') == 1
    assert log.count('"event": "ledger.reached"') == 1
    assert "Traceback" not in log


def test_a_ledger_that_cannot_be_opened_is_named_with_what_to_do(program, office):
    _file(office).mkdir(parents=True)
    done = program("--once", "--collectors", "runs")
    assert done.code == 1
    assert done.err == (
        f"aip-exporter: the ledger {_file(office)} cannot be read: unable to open database file; "
        "make the file and its folder readable and writable for this user\n"
    )
