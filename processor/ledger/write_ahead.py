"""Put a SQLite file into write-ahead mode, in which readers and the writer do not block each other."""

import sqlite3
import time

_LOOK_AGAIN_SECONDS = 0.02


def use_write_ahead_log(connection: sqlite3.Connection, patience_seconds: float) -> None:
    """Switch the journal, once and for all connections of the file.

    SQLite does not wait for others here, whatever the connection's time-out: two programs that open a new file at once
    would find it locked.
    Source: https://www.sqlite.org/wal.html#sometimes_queries_return_sqlite_busy_in_wal_mode

    Raises:
        sqlite3.OperationalError: the file cannot be opened, or was locked all the time.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
        else:
            return
        time.sleep(_LOOK_AGAIN_SECONDS)
