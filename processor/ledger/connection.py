"""Open the ledger, bring its schema up to date, and hand out short transactions."""

import contextlib
import fcntl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import alembic.command
import alembic.config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError

from processor.errors import LedgerError
from processor.ledger.schema import facts
from processor.settings.sections import State

_BUSY_SECONDS = 30
#: The ledger's own schema inside the engine's PostgreSQL database.
POSTGRESQL_SCHEMA = "aip"


@dataclass(frozen=True)
class Ledger:
    """A ledger that is open and of this program's schema."""

    engine: Engine

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that holds the write lock from its start, committed at the end of the block."""
        with self.engine.connect().execution_options(aip_write=True) as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a consistent view; it blocks no writer."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_ledger(state: State, password: str | None = None, *, migrate: bool = True) -> Ledger:
    """Open the ledger, made or migrated as needed.

    Raises:
        LedgerError: unreachable, damaged, or written by a newer program; nothing was changed then.
    """
    url = ledger_url(state, password)
    if url.get_backend_name() == "sqlite" and migrate:
        state.directory.mkdir(parents=True, exist_ok=True)
    engine = _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgresql_engine(url)
    try:
        _bring_up_to_date(engine, state.directory, migrate=migrate)
    except DBAPIError as exc:
        engine.dispose()
        raise LedgerError(
            f"the ledger {url.render_as_string()} cannot be opened: {_last_line(exc)}; "
            "check that it is reachable and writable, or restore a backup"
        ) from exc
    except LedgerError:
        engine.dispose()
        raise
    return Ledger(engine)


def ledger_url(state: State, password: str | None = None) -> URL:
    """Tell the SQLAlchemy address of the ledger; the password is never part of the settings."""
    if state.database_url is None:
        return make_url(f"sqlite:///{state.directory / 'ledger.sqlite'}")
    url = make_url(state.database_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url.set(password=password) if password else url


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection, _record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None  # the driver's own BEGIN comes too late to take the write lock first
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_write = connection.get_execution_options().get("aip_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"options": f"-csearch_path={POSTGRESQL_SCHEMA}", "connect_timeout": 10},
    )


def _bring_up_to_date(engine: Engine, directory: Path, *, migrate: bool) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(resources.files("processor.ledger") / "migrations"))
    head = ScriptDirectory.from_config(config).get_current_head()
    current = _current_revision(engine)
    if current == head:
        return
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise LedgerError(
            f"the ledger has schema {current}, which this program (schema {head}) does not know; "
            "start the newer program again, or restore the backup made before the upgrade"
        )
    if not migrate:
        raise LedgerError(f"the ledger has schema {current or 'none'}, this program needs {head}; start `aip run` once")
    with _migration_lock(engine, directory):
        if _current_revision(engine) != head:
            _upgrade(engine, config)


def _current_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _upgrade(engine: Engine, config: alembic.config.Config) -> None:
    with engine.connect().execution_options(aip_write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {POSTGRESQL_SCHEMA}"))
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
        if connection.execute(facts.select().where(facts.c.key == "born_at")).first() is None:
            connection.execute(facts.insert().values(key="born_at", value=repr(time.time())))


@contextlib.contextmanager
def _migration_lock(engine: Engine, directory: Path) -> Iterator[None]:
    """Let one process migrate at a time; the others find the work done."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(7841, 1)"))
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(7841, 1)"))
        return
    with (directory / "ledger.migration.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _last_line(exc: DBAPIError) -> str:
    return str(exc.orig).strip().splitlines()[-1] if exc.orig else str(exc)
