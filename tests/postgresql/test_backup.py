"""A backup of PostgreSQL: one dump of one moment, proved in a database of its own, put back in one transaction."""

import json
import os
import shlex
import shutil
from pathlib import Path

import psycopg
import pytest
import yaml

from processor.cli.main import main
from processor.engine.liveness import keep_all_out, take_place
from processor.engine.liveness.session_lock import PostgresqlLiveness
from processor.errors import BackupError, UsageError
from processor.ledger import queries
from processor.ledger.address import ledger_url
from processor.ledger.connection import open_ledger
from processor.settings.sections import State
from tests.exporter.conftest import Scene
from tests.postgresql.cluster import PASSWORD
from tests.postgresql.conftest import Database


@pytest.fixture
def aip(tmp_path: Path, database: Database, capfd, monkeypatch):
    """Call `aip` on the database, as its owner over TCP with a password."""
    place = f"postgresql://aip@127.0.0.1:{database.cluster.port}/{database.name}"
    (tmp_path / "owner").write_text(PASSWORD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, address: str = place):
        state = {"database_url": address, "database_password_file": str(tmp_path / "owner")}
        (tmp_path / "configs").mkdir(exist_ok=True)
        (tmp_path / "configs" / "auto_issue_processor.yaml").write_text(yaml.safe_dump({"state": state}))
        capfd.readouterr()
        code = main(arguments)
        said = capfd.readouterr()
        return code, said.out, said.err

    return call


def test_a_dump_is_made_proved_and_put_back_and_the_former_schema_is_kept(aip, database, state: State):
    ledger = open_ledger(state, PASSWORD)
    try:
        Scene(ledger).finish()
        code, out, err = aip("backup", "create", "--json")
        assert code == 0, err
        made = json.loads(out)
        assert (made["database"], made["runs"], made["is_sound"]) == ("postgresql", 1, True)
        assert not database.cluster.admin("SELECT datname FROM pg_database WHERE datname LIKE 'aip_trial_%'")
        Scene(ledger).finish()
    finally:
        ledger.close()
    code, _, err = aip("backup", "restore", "latest")
    assert (code, "--force puts the backup in its place" in err) == (2, True)
    code, out, err = aip("backup", "restore", "latest", "--force", "--json")
    assert code == 0, err
    restored = json.loads(out)
    assert "schema aip_before_restore_" in restored["former_kept_at"]
    reopened = open_ledger(state, PASSWORD)
    try:
        with reopened.read() as db:
            assert len(queries.recent_runs(db, 10)) == 1
            assert queries.audit_trail(db)[0].action == "backup.restore"
    finally:
        reopened.close()
    (kept,) = database.admin("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'aip_before_restore_%'")
    assert database.admin(f"SELECT count(*) FROM {kept[0]}.runs") == [(2,)]  # noqa: S608  # our own name


def test_what_is_written_while_the_dump_is_made_is_not_in_it(aip, database, state: State, tmp_path, monkeypatch):
    ledger = open_ledger(state, PASSWORD)
    Scene(ledger).finish()
    ledger.close()
    place = ["-h", "127.0.0.1", "-p", str(database.cluster.port), "-U", "aip", "-d", database.name]
    late = shlex.join([str(shutil.which("psql")), "-q", *place, "-c", "UPDATE aip.totals SET value = value + 1"])
    program = shlex.quote(str(shutil.which("pg_dump")))
    (tmp_path / "pg_dump").write_text(f'#!/bin/sh\n{late} >&2 && exec {program} "$@"\n')
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    code, out, err = aip("backup", "create", "--json")
    assert code == 0, err
    assert json.loads(out)["is_sound"]


def test_a_running_service_keeps_a_restore_away(aip, database, state: State):
    ledger = open_ledger(state, PASSWORD)
    Scene(ledger).finish()
    ledger.close()
    assert aip("backup", "create")[0] == 0
    place = {"host": "127.0.0.1", "port": database.cluster.port, "dbname": database.name}
    with psycopg.connect(**place, user="aip", password=PASSWORD) as session:
        session.execute("SELECT pg_advisory_lock(7842, 5)")
        code, _, err = aip("backup", "restore", "latest", "--force")
    assert code == 2
    assert "works on this ledger; stop every service, then restore" in err


def test_a_restore_and_a_service_keep_each_other_out(state: State):
    restore, service = (PostgresqlLiveness(ledger_url(state), lambda: PASSWORD) for _ in range(2))
    keep_all_out(restore)
    with pytest.raises(BackupError, match=r"^a backup is being restored"):
        take_place(service, "host-a")
    restore.release()
    take_place(service, "host-a")
    with pytest.raises(UsageError, match=r"works on this ledger; stop every service, then restore$"):
        keep_all_out(restore)
    service.release()


def test_a_missing_program_is_named_with_its_package(aip, state: State, monkeypatch):
    open_ledger(state, PASSWORD).close()
    monkeypatch.setenv("PATH", "/nowhere")
    code, _, err = aip("backup", "create")
    assert code == 1
    assert "the program pg_dump is not here, which backups of PostgreSQL need; install the package" in err
    assert aip("backup", "list")[1].startswith("no backup in backups")
