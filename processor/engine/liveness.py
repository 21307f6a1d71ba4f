"""Who lives: each service holds a lock that the kernel or PostgreSQL frees when it dies.

A file lock serves services that share one SQLite file; a session lock serves those that share one PostgreSQL, over a
direct connection (a transaction pooler would hand the session to somebody else). The lock is taken before the engine
starts, because two processes of one name would both execute the same step.
"""

import contextlib
import fcntl
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

import psycopg
from sqlalchemy import URL

from processor.errors import LedgerError, UsageError
from processor.ledger.address import POSTGRESQL_LINK, POSTGRESQL_SERVER_LINK

_LOCK_SPACE = 7842
#: One that takes over holds the dead's lock for a moment, and a restart must not be refused because of it.
_TAKE_SECONDS = 3.0
_LOOK_AGAIN_SECONDS = 0.2


class Liveness(Protocol):
    """The lock of this service, and a way to try those of others."""

    def take(self, instance: str) -> None:
        """Hold the lock for as long as this process lives; raises UsageError when another holds it."""

    def is_held(self) -> bool:
        """Tell whether the lock is still ours; one that is lost means that others take over."""

    def retake(self) -> bool:
        """Try once to get a lost lock back; somebody else may have had it meanwhile."""

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
        """Take the lock file of an instance.

        Raises:
            UsageError: a service of this name runs already.
            LedgerError: the file cannot be written.
        """
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            file = self._path(instance).open("a+")
        except OSError as exc:
            path = self._path(instance)
            raise LedgerError(
                f"the lock {path} cannot be opened ({exc.strerror}); make its folder writable for this user"
            ) from exc
        if not _try_for(_TAKE_SECONDS, lambda: _try_file(file)):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise UsageError(_taken(instance, f"process {holder}"))
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._held = file

    def is_held(self) -> bool:
        """A file lock is ours until we let go, unless somebody removed the file under us."""
        if self._held is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._held.fileno()), Path(self._held.name).stat())
        except FileNotFoundError:
            return False

    def retake(self) -> bool:
        """A file that is gone does not come back."""
        return self.is_held()

    def if_dead(self, instance: str, act: Callable[[], None]) -> bool:
        """Try the lock file of another instance; one that never had a file never lived here."""
        self._directory.mkdir(parents=True, exist_ok=True)
        with self._path(instance).open("a+") as file:
            if not _try_file(file):
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


Connection = psycopg.Connection[tuple[object, ...]]


class PostgresqlLiveness:
    """Session locks; they need a direct connection, not a transaction pooler."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._shown = url.set(drivername="postgresql").render_as_string()
        self._instance = ""
        self._connection: Connection | None = None
        self._guard = threading.Lock()

    def take(self, instance: str) -> None:
        """Take the session lock of an instance.

        Raises:
            UsageError: another session holds it.
            LedgerError: the database cannot be reached.
        """
        with contextlib.ExitStack() as stack:
            try:
                connection = stack.enter_context(contextlib.closing(self._connect()))
                is_ours = _try_for(_TAKE_SECONDS, lambda: _try_lock(connection, instance))
            except psycopg.Error as exc:
                reason = (str(exc).strip().splitlines() or [type(exc).__name__])[0]
                raise LedgerError(
                    f"no lock can be taken on {self._shown}: {reason}; check that the server runs"
                ) from exc
            if not is_ours:
                raise UsageError(_taken(instance, "a service on this database"))
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
        if connection is None or not _try_lock(connection, instance):
            return False
        with _unlocked_after(connection, instance):
            act()
        return True

    def release(self) -> None:
        """Close the connection, which frees the lock."""
        with self._guard:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connect(self) -> Connection:
        return psycopg.connect(
            self._url,
            autocommit=True,
            application_name="aip-liveness",
            options=POSTGRESQL_SERVER_LINK,
            **POSTGRESQL_LINK,  # type: ignore[arg-type]
        )


def _taken(instance: str, holder: str) -> str:
    return (
        f"a service named {instance} runs already ({holder}); stop it, "
        "or give this one a name of its own with AUTO_ISSUE_INSTANCE"
    )


def _try_for(seconds: float, attempt: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not attempt():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_AGAIN_SECONDS)
    return True


def _try_file(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _key(instance: str) -> tuple[int, int]:
    return _LOCK_SPACE, zlib.crc32(instance.encode()) - 2**31


def _try_lock(connection: Connection, instance: str) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", _key(instance)).fetchone()
    return bool(row and row[0])


@contextmanager
def _unlocked_after(connection: Connection, instance: str) -> Iterator[None]:
    try:
        yield
    finally:
        with contextlib.suppress(psycopg.Error):  # a session that broke has freed the lock by that
            connection.execute("SELECT pg_advisory_unlock(%s, %s)", _key(instance))
