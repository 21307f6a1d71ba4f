"""Who lives: each service holds a lock that the kernel or PostgreSQL frees when it dies.

A file lock serves services that share one SQLite folder; a session lock serves those that share one PostgreSQL.
The lock is taken before the engine starts, because two processes of one name would both execute the same step.
"""

import fcntl
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

import psycopg
from sqlalchemy import URL

from processor.errors import UsageError

_LOCK_SPACE = 7842
# A cut link is noticed after 5 + 3 × 3 s instead of two hours.
_KEEPALIVE = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3"


class Liveness(Protocol):
    """The lock of this service, and a way to try those of others."""

    def take(self, instance: str) -> None:
        """Hold the lock for as long as this process lives; raises UsageError when another holds it."""

    def is_held(self) -> bool:
        """Tell whether the lock is still ours; one that is lost means that others take over."""

    def if_dead(self, instance: str, act: Callable[[], None]) -> bool:
        """Do something while holding a dead service's lock; False when it lives."""

    def release(self) -> None:
        """Let go."""


class FileLiveness:
    """Locks on files beside the ledger."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "instances"
        self._held: TextIO | None = None

    def take(self, instance: str) -> None:
        """Take the lock file of an instance."""
        self._directory.mkdir(parents=True, exist_ok=True)
        file = self._path(instance).open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise UsageError(_taken(instance, f"process {holder}")) from exc
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._held = file

    def is_held(self) -> bool:
        """A file lock is ours until we let go."""
        return self._held is not None

    def if_dead(self, instance: str, act: Callable[[], None]) -> bool:
        """Try the lock file of another instance."""
        if not self._path(instance).exists():
            act()
            return True
        with self._path(instance).open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            act()
        return True

    def release(self) -> None:
        """Close the file, which frees the lock."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _path(self, instance: str) -> Path:
        return self._directory / f"{instance}.lock"


class PostgresqlLiveness:
    """Session locks; they need a direct connection, not a transaction pooler."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def take(self, instance: str) -> None:
        """Take the session lock of an instance."""
        connection = psycopg.connect(self._url, autocommit=True, options=_KEEPALIVE, connect_timeout=10)
        if not _try_lock(connection, instance):
            connection.close()
            raise UsageError(_taken(instance, "a service on this database"))
        self._connection = connection

    def is_held(self) -> bool:
        """Ask over the connection that holds it; a broken one has lost it."""
        if self._connection is None:
            return False
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def if_dead(self, instance: str, act: Callable[[], None]) -> bool:
        """Try the session lock of another instance."""
        connection = self._connection
        if connection is None or not _try_lock(connection, instance):
            return False
        with _unlocked_after(connection, instance):
            act()
        return True

    def release(self) -> None:
        """Close the connection, which frees the lock."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _taken(instance: str, holder: str) -> str:
    return (
        f"a service named {instance} runs already ({holder}); stop it, "
        "or give this one a name of its own with AUTO_ISSUE_INSTANCE"
    )


def _key(instance: str) -> tuple[int, int]:
    return _LOCK_SPACE, zlib.crc32(instance.encode()) - 2**31


def _try_lock(connection: psycopg.Connection[tuple[object, ...]], instance: str) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", _key(instance)).fetchone()
    return bool(row and row[0])


@contextmanager
def _unlocked_after(connection: psycopg.Connection[tuple[object, ...]], instance: str) -> Iterator[None]:
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s, %s)", _key(instance))
