"""A ledger of every earlier version is brought up to date by opening it, keeps each row that it had, and ends up with
the tables of a new one, which no migration makes.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import resources
from typing import Any

import alembic.command
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, inspect, text

from processor.errors import LedgerError
from processor.ledger.address import POSTGRESQL_SCHEMA, ledger_url
from processor.ledger.connection import open_ledger
from processor.settings.sections import State

Rows = dict[str, list[dict[str, Any]]]
CONFIG = Config()
CONFIG.set_main_option("script_location", str(resources.files("processor.ledger") / "migrations"))
SCRIPTS = ScriptDirectory.from_config(CONFIG)
HEAD = SCRIPTS.get_current_head()
EARLIER = sorted(script.revision for script in SCRIPTS.walk_revisions() if script.revision != HEAD)
A_VALUE: dict[type, object] = {str: "some text", int: 7, float: 1.5, bool: True, bytes: b"\x00\xff"}


@contextmanager
def connected(state: State, password: str | None) -> Iterator[Connection]:
    """Reach the database of a ledger without opening the ledger."""
    url = ledger_url(state, password)
    is_sqlite = url.get_backend_name() == "sqlite"
    state.directory.mkdir(exist_ok=True)
    engine = create_engine(url, connect_args={} if is_sqlite else {"options": f"-c search_path={POSTGRESQL_SCHEMA}"})
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def migrate(connection: Connection, revision: str) -> None:
    """Make a ledger by the migrations up to one, in a database that has none."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"CREATE SCHEMA {POSTGRESQL_SCHEMA}"))
    CONFIG.attributes["connection"] = connection
    alembic.command.upgrade(CONFIG, revision)


def structure(connection: Connection) -> dict[str, Any]:
    """Give all that the database tells of each table, in an order of its own."""
    found = inspect(connection)
    return {
        table: {
            "columns": sorted(
                (one["name"], str(one["type"]), one["nullable"], (one["default"] or "").strip("()"))
                for one in found.get_columns(table)
            ),
            "primary key": found.get_pk_constraint(table),
            "indexes": sorted(repr(_with_texts(one)) for one in found.get_indexes(table)),
            "unique": sorted(map(repr, found.get_unique_constraints(table))),
            "foreign keys": sorted(map(repr, found.get_foreign_keys(table))),
            "checks": sorted(map(repr, found.get_check_constraints(table))),
        }
        for table in found.get_table_names()
    }


def _with_texts(index: Mapping[str, Any]) -> dict[str, Any]:
    options = index.get("dialect_options", {})
    return {**index, "dialect_options": {name: str(value) for name, value in options.items()}}


def empty_the_database(connection: Connection) -> None:
    """Leave nothing of a ledger."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP SCHEMA {POSTGRESQL_SCHEMA} CASCADE"))
        return
    tables = MetaData()
    tables.reflect(connection)
    tables.drop_all(connection)


def make_earlier(state: State, password: str | None, revision: str) -> Rows:
    """Make a ledger of an earlier version with a row in every table, and give the rows."""
    with connected(state, password) as connection:
        migrate(connection, revision)
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.tables.values():
            if table.name != "alembic_version":
                row = {column.name: A_VALUE[column.type.python_type] for column in table.columns}
                connection.execute(table.insert().values(row))
    return read_rows(state, password)


def read_rows(state: State, password: str | None) -> Rows:
    with connected(state, password) as connection:
        tables = MetaData()
        tables.reflect(connection)
        return {
            name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for name, table in tables.tables.items()
            if name != "alembic_version"
        }


def test_all_migrations_make_exactly_the_tables_of_a_new_ledger(state: State, password: str | None) -> None:
    open_ledger(state, password).close()
    with connected(state, password) as connection:
        new = structure(connection)
        empty_the_database(connection)
    with connected(state, password) as connection:
        migrate(connection, "head")
        assert structure(connection) == new
        assert len(new) > 30


@pytest.mark.parametrize("revision", EARLIER)
def test_an_earlier_ledger_is_brought_up_to_date_with_all_its_rows(
    state: State, password: str | None, revision: str
) -> None:
    before = make_earlier(state, password, revision)
    open_ledger(state, password).close()
    after = read_rows(state, password)
    assert {len(rows) for rows in before.values()} == {1}
    for name, (row,) in before.items():
        assert row.items() <= after[name][0].items()
    with connected(state, password) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD


def test_an_earlier_ledger_is_not_changed_by_those_who_only_look(state: State, password: str | None) -> None:
    before = make_earlier(state, password, EARLIER[0])
    with pytest.raises(LedgerError) as refused, closing(open_ledger(state, password, migrate=False)):
        pass
    assert str(refused.value) == f"the ledger has schema {EARLIER[0]}, this program needs {HEAD}; start `aip run` once"
    assert read_rows(state, password) == before
