"""Say what a database refused, with the ledger's place and the next step, instead of the library's own errors."""

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from processor.errors import DatabaseAway, LedgerError

_SERVER = "check that the server runs, and state.database_url and state.database_password_file"
_DAMAGED = "say `aip backup restore latest --force`, or without a backup see docs/incident-response.md"
_NOT_OURS = "make the file and its folder readable and writable for this user"
_FOREIGN = "its tables are not those of this program; restore a backup"
#: By primary result code. Source: https://www.sqlite.org/rescode.html
_REMEDIES = {
    sqlite3.SQLITE_BUSY: "end the program that holds it (`fuser FILE` names it), then try again",
    sqlite3.SQLITE_FULL: "free space on its disk",
    sqlite3.SQLITE_READONLY: _NOT_OURS,
    sqlite3.SQLITE_CANTOPEN: _NOT_OURS,
    sqlite3.SQLITE_PERM: _NOT_OURS,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_IOERR: "look whether its disk is full or broken",
    sqlite3.SQLITE_ERROR: _FOREIGN,
}
_PRIMARY_CODE = 0xFF


@contextlib.contextmanager
def told(url: URL, what: str) -> Iterator[None]:
    """Turn what the database refuses in the block into one clear error; `what` is `failed` or `cannot be opened`.

    Raises:
        DatabaseAway: the same may succeed later: locked, full, restarting, out of reach.
        LedgerError: it will not: damaged, or not the program's tables.
    """
    try:
        yield
    except (OperationalError, NoConnectionFree) as exc:
        raise DatabaseAway(_message(url, what, exc)) from exc
    except DBAPIError as exc:
        raise LedgerError(_message(url, what, exc)) from exc


def shown(url: URL) -> str:
    """Name the ledger as an operator knows it: its file, or its address without the password."""
    return (url.database or "in memory") if url.get_backend_name() == "sqlite" else url.render_as_string()


def _message(url: URL, what: str, exc: DBAPIError | NoConnectionFree) -> str:
    cause = exc.orig if isinstance(exc, DBAPIError) else exc
    # PostgreSQL adds lines of hints.
    reason = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
    return f"the ledger {shown(url)} {what}: {reason}; {_remedy(cause)}"


def _remedy(cause: BaseException | None) -> str:
    if isinstance(cause, sqlite3.Error):
        return _REMEDIES.get(getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE, _FOREIGN)
    return _SERVER
