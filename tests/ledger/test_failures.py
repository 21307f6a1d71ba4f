"""What a database refuses after it was opened is one clear error of ours."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from processor.errors import DatabaseAway, LedgerError
from processor.ledger.connection import Ledger, open_ledger
from processor.settings.sections import State


def test_a_full_ledger_is_away_and_nothing_was_written(ledger: Ledger, state: State) -> None:
    with pytest.raises(DatabaseAway) as refused, ledger.write() as db:  # noqa: PT012
        db.execute(text("INSERT INTO facts VALUES ('small', 'x')"))
        db.execute(text("PRAGMA max_page_count = 1"))
        db.execute(text("INSERT INTO facts VALUES ('large', hex(zeroblob(500000)))"))
    assert str(refused.value) == (
        f"the ledger {state.directory}/ledger.sqlite failed: database or disk is full; free space on its disk"
    )
    with ledger.read() as db:
        assert db.execute(text("SELECT count(*) FROM facts WHERE key = 'small'")).scalar() == 0


def test_a_damaged_page_is_told_with_its_remedy(state: State) -> None:
    open_ledger(state).close()
    file = state.directory / "ledger.sqlite"
    damage_table(file, "audit")
    with closing(open_ledger(state)) as ledger, pytest.raises(LedgerError) as refused, ledger.read() as db:
        db.execute(text("SELECT * FROM audit")).all()
    assert not isinstance(refused.value, DatabaseAway)
    assert str(refused.value) == (
        f"the ledger {file} failed: database disk image is malformed; "
        "say `aip backup restore latest --force`, or without a backup see docs/incident-response.md"
    )


def test_a_folder_that_cannot_be_made_is_told(state: State) -> None:
    state.directory.write_text("a file in the folder's place")
    with pytest.raises(LedgerError) as refused:
        open_ledger(state)
    assert str(refused.value) == (
        f"the ledger's folder {state.directory} cannot be made (File exists); make it writable for this user, "
        "or set state.directory to another one"
    )


def test_an_error_of_the_caller_passes_as_it_is(ledger: Ledger) -> None:
    with pytest.raises(KeyError, match="mine"), ledger.write():
        raise KeyError("mine")


def damage_table(file: Path, table: str) -> None:
    """Write over the first page of a table."""
    with closing(sqlite3.connect(file)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with file.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"\xff" * size)
