"""Opening a ledger on PostgreSQL: made, migrated, refused with a message that helps and holds no password."""

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from processor.errors import LedgerError
from processor.ledger import queries
from processor.ledger.connection import open_ledger
from processor.ledger.revision import newest_schema
from processor.settings.sections import State
from tests.acceptance.system import wait_until
from tests.postgresql.cluster import PASSWORD, Cluster
from tests.postgresql.conftest import Database

REMEDY = "check that the server runs, and state.database_url and state.database_password_file"
OPEN = """
import sys
from pathlib import Path
from processor.ledger.connection import open_ledger
from processor.settings.sections import State
open_ledger(State(directory=Path(sys.argv[1]), database_url=sys.argv[2]), sys.stdin.read()).close()
"""


def test_the_tables_are_in_a_schema_of_their_own(state: State, database: Database) -> None:
    open_ledger(state, PASSWORD).close()
    schemas = database.admin("SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_name = 'runs'")
    assert schemas == [("aip",)]


def test_a_ledger_keeps_its_birth_over_a_second_opening(state: State) -> None:
    births = []
    for _ in range(2):
        ledger = open_ledger(state, PASSWORD)
        with ledger.read() as db:
            births.append(queries.born_at(db))
        ledger.close()
    assert births[0] == births[1]


def test_many_that_open_a_new_ledger_at_once_all_find_it_made(state: State, database: Database) -> None:
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(state.directory), database.url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    assert [opener.communicate(PASSWORD)[1] for opener in openers] == [""] * 4
    assert database.admin("SELECT count(*) FROM aip.facts WHERE key = 'born_at'") == [(1,)]


def test_a_role_that_may_not_create_uses_the_schema_that_was_made_for_it(state: State, database: Database) -> None:
    role = f"{database.name}_small"
    database.admin(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
    database.admin(f"CREATE SCHEMA aip AUTHORIZATION {role}")
    url = database.url.replace("//aip@", f"//{role}@")
    open_ledger(State(directory=state.directory, database_url=url), PASSWORD).close()
    database.admin(f"DROP OWNED BY {role}")
    database.admin(f"DROP ROLE {role}")


def test_a_newer_schema_is_refused_and_left_alone(state: State, database: Database) -> None:
    open_ledger(state, PASSWORD).close()
    known = database.admin("SELECT version_num FROM aip.alembic_version")[0][0]
    database.admin("UPDATE aip.alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerError) as refused:
        open_ledger(state, PASSWORD)
    assert str(refused.value) == (
        f"the ledger has schema 9999, which this program (schema {known}) does not know; "
        "start the newer program again, or restore the backup made before the upgrade"
    )
    assert database.admin("SELECT version_num FROM aip.alembic_version") == [("9999",)]


def test_a_newer_program_that_was_quicker_is_told_of_as_if_it_had_been_there(state: State, database: Database) -> None:
    first = open_ledger(state, PASSWORD)
    database.admin("UPDATE aip.alembic_version SET version_num = '0001'")
    refused: list[LedgerError] = []

    def open_second() -> None:
        try:
            open_ledger(state, PASSWORD).close()
        except LedgerError as exc:
            refused.append(exc)

    second = threading.Thread(target=open_second)
    with closing(first), first.write() as db:
        second.start()
        waits = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        wait_until(lambda: database.admin(waits), "the second program to wait for the first")
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    second.join(60)
    assert [str(one).split(";")[0] for one in refused] == [
        f"the ledger has schema 9999, which this program (schema {newest_schema()}) does not know"
    ]


def test_an_unreachable_server_is_told_with_its_address(tmp_path: Path) -> None:
    state = State(directory=tmp_path, database_url="postgresql://aip@127.0.0.1:1/aip")
    with pytest.raises(LedgerError) as refused:
        open_ledger(state, PASSWORD)
    assert str(refused.value) == (
        "the ledger postgresql+psycopg://aip:***@127.0.0.1:1/aip cannot be opened: connection failed: "
        f'connection to server at "127.0.0.1", port 1 failed: Connection refused; {REMEDY}'
    )


def test_a_wrong_password_is_told_and_not_shown(state: State, cluster: Cluster, database: Database) -> None:
    with pytest.raises(LedgerError) as refused:
        open_ledger(state, "hunter2-secret")
    assert str(refused.value) == (
        f"the ledger postgresql+psycopg://aip:***@127.0.0.1:{cluster.port}/{database.name} cannot be opened: "
        f'connection failed: connection to server at "127.0.0.1", port {cluster.port} failed: '
        f'FATAL:  password authentication failed for user "aip"; {REMEDY}'
    )


def test_an_address_that_is_none_is_told_without_the_text(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as refused:
        open_ledger(State(directory=tmp_path, database_url="postgresql://aip:hunter2@host:port/aip"))
    assert str(refused.value) == "state.database_url is no address; write postgresql://USER@HOST:PORT/DATABASE"


def test_a_database_that_does_not_exist_is_told(state: State, cluster: Cluster) -> None:
    absent = State(directory=state.directory, database_url=cluster.url("nowhere"))
    with pytest.raises(LedgerError, match='FATAL:  database "nowhere" does not exist; check that the server runs'):
        open_ledger(absent, PASSWORD)


def test_a_database_that_cannot_hold_every_title_is_refused(state: State, cluster: Cluster, database: Database) -> None:
    name = f"{database.name}_ascii"
    cluster.admin(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(LedgerError) as refused:
        open_ledger(State(directory=state.directory, database_url=cluster.url(name)), PASSWORD)
    assert str(refused.value) == (
        f"the ledger's database {name} has the encoding SQL_ASCII; titles need UTF8: "
        "make it anew with `createdb --encoding UTF8 --template template0`"
    )
    cluster.admin(f"DROP DATABASE {name} WITH (FORCE)")
