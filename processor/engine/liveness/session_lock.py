"""Prove life by a lock of a session on the PostgreSQL that the ledger is in."""

import contextlib
import threading
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from sqlalchemy import URL

from processor.engine.liveness.lock import take_in_time, taken
from processor.errors import LedgerError
from processor.ledger.address import POSTGRESQL_LINK, POSTGRESQL_SERVER_LINK

_LOCK_SPACE = 7842
_OTHERS = (
    "SELECT coalesce(host(client_addr), 'this machine') FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND classid::bigint = %s AND granted AND pid <> pg_backend_pid() "
    "AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
Connection = psycopg.Connection[tuple[object, ...]]


class PostgresqlLiveness:
    """Session locks; they need a direct connection, not a transaction pooler."""

    def __init__(self, url: URL, password: Callable[[], str] | None = None) -> None:
        """Take the address, and what gives the password as of now; None leaves it to the address.

        Args:
            url: of the ledger.
            password: asked at each connection, since a password is rotated under a service.
        """
        self._password = password
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._shown = url.set(drivername="postgresql").render_as_string()
        self._instance = ""
        self._connection: Connection | None = None
        self._guard = threading.Lock()

    def take(self, instance: str) -> None:
        """Take the session lock of an instance.

        Raises:
            NameTaken: another session holds it.
            LedgerError: the database cannot be reached.
        """
        with contextlib.ExitStack() as stack:
            with self._told():
                connection = stack.enter_context(contextlib.closing(self._connect()))
                is_ours = take_in_time(lambda: _try_lock(connection, instance))
            if not is_ours:
                raise taken(instance, "a service on this database")
            stack.pop_all()
        self._instance = instance
        self._connection = connection

    def is_held(self) -> bool:
        """Ask over the connection that holds it; a broken one has lost it."""
        with self._guard:
            connection = self._connection
        if connection is None:
            return False
        try:
            connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def retake(self) -> bool:
        """Connect anew and try the lock once."""
        self.release()
        with contextlib.suppress(psycopg.Error), contextlib.ExitStack() as stack:
            connection = stack.enter_context(contextlib.closing(self._connect()))
            if _try_lock(connection, self._instance):
                stack.pop_all()
                with self._guard:
                    self._connection = connection
                return True
        return False

    def if_dead(self, instance: str, act: Callable[[], None]) -> bool:
        """Try the session lock of another instance, over the connection that proves that we live."""
        with self._guard:
            connection = self._connection
        with self._told():
            if connection is None or not _try_lock(connection, instance):
                return False
        with _unlocked_after(connection, instance):
            act()
        return True

    def find_others(self) -> tuple[str, ...]:
        """Ask the server who else holds such a lock on this database; it knows sessions, not names."""
        with self._guard:
            connection = self._connection
        if connection is None:
            return ()
        with self._told():
            rows = connection.execute(_OTHERS, (_LOCK_SPACE,)).fetchall()
        return tuple(f"a session from {row[0]}" for row in rows)

    def release(self) -> None:
        """Close the connection, which frees the lock."""
        with self._guard:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Say in one clear error what the server refused in the block."""
        try:
            yield
        except psycopg.Error as exc:
            reason = (str(exc).strip().splitlines() or [type(exc).__name__])[0]
            raise LedgerError(f"no lock can be taken on {self._shown}: {reason}; check that the server runs") from exc

    def _connect(self) -> Connection:
        link: dict[str, Any] = {**POSTGRESQL_LINK, "options": POSTGRESQL_SERVER_LINK}
        if self._password is not None:
            link["password"] = self._password()
        return psycopg.connect(self._url, autocommit=True, application_name="aip-liveness", **link)


def _key(instance: str) -> tuple[int, int]:
    return _LOCK_SPACE, zlib.crc32(instance.encode()) - 2**31


def _try_lock(connection: Connection, instance: str) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", _key(instance)).fetchone()
    return bool(row and row[0])


@contextlib.contextmanager
def _unlocked_after(connection: Connection, instance: str) -> Iterator[None]:
    try:
        yield
    finally:
        with contextlib.suppress(psycopg.Error):  # a session that broke has freed the lock by that
            connection.execute("SELECT pg_advisory_unlock(%s, %s)", _key(instance))
