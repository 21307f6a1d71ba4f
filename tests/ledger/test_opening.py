"""Opening a ledger: made, migrated, refused."""

import sqlite3
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from processor.errors import DatabaseAway, LedgerError
from processor.ledger import operators, queries
from processor.ledger.connection import open_ledger
from processor.settings.sections import State


def test_a_ledger_keeps_its_birth_over_a_second_opening(state: State) -> None:
    births = []
    for _ in range(2):
        ledger = open_ledger(state)
        with ledger.read() as db:
            births.append(queries.born_at(db))
        ledger.close()
    assert births[0] == births[1]


def test_a_newer_schema_is_refused_and_left_alone(state: State) -> None:
    open_ledger(state).close()
    file = state.directory / "ledger.sqlite"
    with sqlite3.connect(file) as connection:
        known = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(LedgerError) as refused:
        open_ledger(state)
    assert str(refused.value) == (
        f"the ledger has schema 9999, which this program (schema {known}) does not know; "
        "start the newer program again, or restore the backup made before the upgrade"
    )
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
    connection.close()


def test_a_file_that_is_no_database_is_named(state: State) -> None:
    state.directory.mkdir()
    (state.directory / "ledger.sqlite").write_bytes(b"not a database at all, whatever its name says" * 100)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite cannot be opened: file is not a database"):
        open_ledger(state)


def put_away(state: State, folder: Path) -> None:
    """Take a ledger away as a restore does, with what SQLite keeps beside it."""
    folder.mkdir()
    for file in state.directory.glob("ledger.sqlite*"):
        file.rename(folder / file.name)


def test_who_has_a_ledger_open_goes_on_with_the_one_that_a_restore_puts_in_its_place(
    state: State, tmp_path: Path
) -> None:
    other = State(directory=tmp_path / "other")
    open_ledger(other).close()
    ledger = open_ledger(state)
    put_away(state, tmp_path / "aside")
    (other.directory / "ledger.sqlite").rename(state.directory / "ledger.sqlite")
    with ledger.write() as db:
        operators.record(db, operators.Act(actor="ada", action="pause", target="processing"), 1.0)
    with open_ledger(state).read() as db:
        assert [act.actor for act in queries.audit_trail(db)] == ["ada"]
    ledger.close()


def test_a_ledger_that_is_taken_away_is_waited_for_and_not_made_anew(state: State, tmp_path: Path) -> None:
    ledger = open_ledger(state)
    put_away(state, tmp_path / "aside")
    for _ in range(2):
        told = r"ledger\.sqlite was taken away; wait when a restore is at work"
        with pytest.raises(DatabaseAway, match=told), ledger.read():
            pass
        ledger.close()  # the next connection would be a new one
    assert list(state.directory.iterdir()) == []
    for file in (tmp_path / "aside").iterdir():
        file.rename(state.directory / file.name)
    with ledger.read() as db:
        assert queries.born_at(db) > 0
    ledger.close()


def test_an_unreachable_server_is_named_without_its_password(tmp_path: Path) -> None:
    state = State(directory=tmp_path, database_url="postgresql://aip@127.0.0.1:1/aip")
    with pytest.raises(LedgerError, match="cannot be opened") as refused:
        open_ledger(state, "hunter2-secret")
    assert "hunter2" not in str(refused.value)


def test_a_ledger_is_made_and_opened_without_alembic(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from processor.ledger.connection import open_ledger; "
        "from processor.settings.sections import State; state = State(directory=Path(sys.argv[1])); "
        "open_ledger(state).close(); open_ledger(state).close(); sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)


def test_transactions_that_follow_each_other_share_a_connection(tmp_path: Path) -> None:
    ledger = open_ledger(State(directory=tmp_path))
    with ExitStack() as at_once:
        links = {id(at_once.enter_context(ledger.read()).connection.driver_connection) for _ in range(3)}
    used = set()
    for _ in range(6):
        with ledger.read() as db:
            used.add(id(db.connection.driver_connection))
    ledger.close()
    assert len(links) == 3
    assert len(used) == 1
    assert used < links
