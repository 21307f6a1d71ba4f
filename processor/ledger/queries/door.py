"""Open the ledger for reading alone: it is never made, migrated or written here, and a writer is never kept waiting."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event

from processor.errors import DatabaseAway, LedgerAbsent, LedgerError
from processor.ledger.address import (
    POSTGRESQL_LINK,
    POSTGRESQL_SCHEMA,
    POSTGRESQL_SERVER_LINK,
    ledger_url,
)
from processor.ledger.failures import shown, told
from processor.ledger.password import ask_at_each_connection
from processor.ledger.revision import current_schema, newest_schema
from processor.settings.sections import State

#: A reading takes milliseconds; whatever takes longer is a database in trouble.
_LIMIT_SECONDS: Final = 4


class LedgerDoor:
    """Reads a ledger that may not be there yet, may go away, and may be replaced by another one meanwhile."""

    def __init__(self, state: State, password: Callable[[], str] | None = None) -> None:
        """Note where the ledger is; nothing is opened.

        Args:
            state: where the ledger is.
            password: asked at each connection, since a password is rotated under a service; None where none is needed.
        """
        self._url = ledger_url(state)
        self._password = password
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._path = Path(self._url.database or "") if self._is_sqlite else None
        self._schema = newest_schema()
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._file: tuple[int, int] | None = None

    @property
    def place(self) -> str:
        """Where the ledger is: its file, or its address without the password."""
        return shown(self._url)

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a consistent view of the ledger.

        Raises:
            LedgerAbsent: there is no ledger, or only an empty database.
            LedgerError: it cannot be reached, is damaged, or has another schema than this program.
        """
        engine = self._current_engine()
        with told(self._url, "cannot be read"), engine.connect() as connection, connection.begin():
            self._require_schema(connection)
            yield connection

    @contextlib.contextmanager
    def part_of(self, transaction: Connection) -> Iterator[Connection]:
        """Give a part of what `read` gave: when it fails, the rest of the transaction goes on.

        Raises:
            LedgerError: it cannot be read.
        """
        if transaction.invalidated:
            raise DatabaseAway(
                f"the ledger {self.place} ended the connection; the next reading, in a second, opens one"
            )
        with told(self._url, "cannot be read"), transaction.begin_nested():
            yield transaction

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            self._forget()

    def _current_engine(self) -> Engine:
        """Give the engine; a file that was replaced gets a new one, or we would read the old file for ever."""
        with self._lock:
            file = self._identity()
            if self._engine is None or file != self._file:
                self._forget()
                make = _sqlite_engine if self._path is not None else _postgresql_engine
                self._engine, self._file = make(self._url), file
                if self._password is not None:
                    ask_at_each_connection(self._engine, self._password)
            return self._engine

    def _identity(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except FileNotFoundError as exc:
            self._forget()
            raise LedgerAbsent(self._absent()) from exc
        except OSError as exc:
            raise LedgerError(f"the ledger {self._path} cannot be reached: {exc.strerror}; check its folder") from exc
        return status.st_dev, status.st_ino

    def _forget(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
        self._engine = self._file = None

    def _require_schema(self, connection: Connection) -> None:
        found = current_schema(connection)
        if found is None:
            raise LedgerAbsent(self._absent())
        if found > self._schema:
            raise LedgerError(
                f"the ledger has schema {found}, which this program (schema {self._schema}) does not know; "
                "start the newer program"
            )
        if found < self._schema:
            raise LedgerError(
                f"the ledger has schema {found}, this program needs {self._schema}; start `aip run` of this version"
            )

    def _absent(self) -> str:
        return f"there is no ledger at {self.place} yet; the first start of `aip run` makes it"


def _sqlite_engine(url: URL) -> Engine:
    # mode=rw makes no file; mode=ro could not read one whose last writer closed it in good order.
    address = f"file:{quote(str(url.database))}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=_LIMIT_SECONDS, check_same_thread=False, isolation_level=None)

    engine = create_engine(url, creator=connect, pool_size=2, max_overflow=2)

    @event.listens_for(engine, "connect")
    def _configure(connection, _record):  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    limit = f"{_LIMIT_SECONDS}s"
    options = (
        f"-c search_path={POSTGRESQL_SCHEMA} -c default_transaction_read_only=on -c statement_timeout={limit} "
        f"-c idle_in_transaction_session_timeout={limit} {POSTGRESQL_SERVER_LINK}"
    )
    link = {**POSTGRESQL_LINK, "connect_timeout": _LIMIT_SECONDS, "application_name": "aip-exporter"}
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=2,
        max_overflow=2,
        isolation_level="REPEATABLE READ",
        connect_args={**link, "options": options},
    )
