"""Open the ledger, bring its schema up to date, and hand out short transactions.

Both databases give the same promises. A writer holds the one write lock from its first statement, so what it reads does
not change before it writes: SQLite by BEGIN IMMEDIATE, PostgreSQL by an advisory lock of the transaction, each of whose
statements sees what was committed before it. A reader sees one moment and blocks nobody.
"""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from processor.errors import LedgerError
from processor.ledger.address import (
    POSTGRESQL_LINK,
    POSTGRESQL_SCHEMA,
    POSTGRESQL_SERVER_LINK,
    copies_in_waiting,
    ledger_url,
)
from processor.ledger.birth import make_tables
from processor.ledger.failures import told
from processor.ledger.revision import current_schema, known_schemas
from processor.ledger.same_file import follow_the_name
from processor.ledger.write_ahead import use_write_ahead_log
from processor.settings.sections import State

#: How long a writer waits for the others; also the longest that a stopped writer can keep them waiting.
_BUSY_SECONDS = 30
_LOOK_AGAIN_SECONDS = 0.5
_WRITE_LOCK = "SELECT pg_advisory_xact_lock(7841, 2)"


@dataclass(frozen=True)
class Ledger:
    """A ledger that is open and of this program's schema.

    Reading and writing raise LedgerError, and DatabaseAway where the same may succeed later; no error of a library.
    `patience_seconds` is how long a transaction waits for a database that is away before it fails; one that was under
    way when the database went fails at once and leaves nothing behind.
    """

    engine: Engine
    patience_seconds: float = 0.0

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that holds the write lock from its start, committed at the end of the block."""
        with told(self.engine.url, "failed"):
            transaction, connection = self._begin({"aip_write": True}, _WRITE_LOCK)
            with transaction:
                yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a consistent view; it blocks no writer."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with told(self.engine.url, "failed"):
            transaction, connection = self._begin(options if self._is_postgresql else {}, None)
            with transaction:
                yield connection

    def patient(self, seconds: float) -> Self:
        """Give the same ledger to somebody who would rather wait than fail."""
        return replace(self, patience_seconds=seconds)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @property
    def _is_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def _begin(self, options: dict[str, object], lock: str | None) -> tuple[contextlib.ExitStack, Connection]:
        deadline = time.monotonic() + self.patience_seconds
        while True:
            with contextlib.ExitStack() as stack:
                try:
                    connection = stack.enter_context(self.engine.connect()).execution_options(**options)
                    stack.enter_context(connection.begin())
                    if lock is not None and self._is_postgresql:
                        connection.exec_driver_sql(lock)
                except OperationalError:
                    if time.monotonic() >= deadline:
                        raise
                else:
                    return stack.pop_all(), connection
            time.sleep(_LOOK_AGAIN_SECONDS)


def open_ledger(state: State, password: str | None = None, *, migrate: bool = True) -> Ledger:
    """Open the ledger, made or migrated as needed.

    Raises:
        LedgerError: unreachable, damaged, or written by a newer program; nothing was changed then.
    """
    ledger = unopened_ledger(state, password)
    url = ledger.engine.url
    if url.get_backend_name() == "sqlite" and migrate and url.database:
        _make_folder(Path(url.database).parent)
        _refuse_half_restored(Path(url.database))
    try:
        with told(url, "cannot be opened"):
            _bring_up_to_date(ledger, migrate=migrate)
    except LedgerError:
        ledger.close()
        raise
    return ledger


def unopened_ledger(state: State, password: str | None = None) -> Ledger:
    """Give a link to the ledger as it is: not looked at, made or migrated."""
    url = ledger_url(state, password)
    return Ledger(_sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgresql_engine(url))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise LedgerError(
            f"the ledger's folder {folder} cannot be made ({exc.strerror}); make it writable for this user, "
            "or set state.directory to another one"
        ) from exc


def _refuse_half_restored(file: Path) -> None:
    """Make no new ledger between the moments at which a restore took the old one away and put its own there."""
    waiting = copies_in_waiting(file)
    if waiting and not file.exists():
        raise LedgerError(
            f"the ledger {file} is not there, for a restore is at work or was cut short; wait for it, or say "
            f"`aip backup restore` again; to begin with an empty one, delete {waiting[0]}"
        )


def _sqlite_engine(url: URL) -> Engine:
    link = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
    # Last in, first out: each connection keeps the statements it prepared, so few of them should do nearly everything.
    engine = create_engine(url, connect_args=link, poolclass=QueuePool, pool_use_lifo=True)

    @event.listens_for(engine, "connect")
    def _configure(connection, _record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None  # the driver's own BEGIN comes too late to take the write lock first
        use_write_ahead_log(connection, _BUSY_SECONDS)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    if url.database is not None:
        follow_the_name(engine, Path(url.database))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_write = connection.get_execution_options().get("aip_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    options = (
        f"-c search_path={POSTGRESQL_SCHEMA} -c lock_timeout={_BUSY_SECONDS}s "
        f"-c idle_in_transaction_session_timeout={_BUSY_SECONDS}s {POSTGRESQL_SERVER_LINK}"
    )
    # Said, and not left to the database or the role, which may have another default: with one moment for a whole
    # transaction a writer that waited for the lock would see the ledger as it was before it waited.
    return create_engine(
        url,
        pool_pre_ping=True,
        max_overflow=30,
        isolation_level="READ COMMITTED",
        connect_args={"options": options, **POSTGRESQL_LINK},
    )


def _bring_up_to_date(ledger: Ledger, *, migrate: bool) -> None:
    known = known_schemas()
    with ledger.engine.connect() as connection:
        _require_unicode(connection)
        current = current_schema(connection)
    if current == known[-1]:
        return
    _refuse_newer(current, known)
    if not migrate:
        raise LedgerError(
            f"the ledger has schema {current or 'none'}, this program needs {known[-1]}; start `aip run` once"
        )
    # One transaction for everything, under the write lock: whoever comes second finds the work done.
    with ledger.write() as connection:
        current = current_schema(connection)
        _refuse_newer(current, known)  # once more: a newer program may have been the first
        if current is None:
            make_tables(connection, known[-1])
        elif current != known[-1]:
            from processor.ledger.upgrade import upgrade  # noqa: PLC0415  # brings Alembic: 10 MB for a new version only

            upgrade(connection)


def _refuse_newer(current: str | None, known: Sequence[str]) -> None:
    if current is not None and current not in known:
        raise LedgerError(
            f"the ledger has schema {current}, which this program (schema {known[-1]}) does not know; "
            "start the newer program again, or restore the backup made before the upgrade"
        )


def _require_unicode(connection: Connection) -> None:
    """Refuse a database that would take text as it comes and give back something else."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise LedgerError(
            f"the ledger's database {connection.engine.url.database} has the encoding {encoding}; titles need UTF8: "
            "make it anew with `createdb --encoding UTF8 --template template0`"
        )
