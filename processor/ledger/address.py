"""Tell where the ledger is, and how to hold a link to it; what opens it for writing or for reading starts here."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from processor.errors import LedgerError
from processor.settings.sections import State

#: The ledger's own schema inside the engine's PostgreSQL database.
POSTGRESQL_SCHEMA = "aip"
#: A cut link is noticed after 14 s at most on either side, instead of two hours.
#: Source: https://www.postgresql.org/docs/current/libpq-connect.html and runtime-config-connection.html
POSTGRESQL_LINK: Final[dict[str, str | int]] = {
    # Without it a database of another encoding answers in bytes, on which the driver's first look at it stumbles.
    "client_encoding": "utf8",
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
POSTGRESQL_SERVER_LINK: Final = (
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000"
)


def ledger_url(state: State, password: str | None = None) -> URL:
    """Tell the SQLAlchemy address of the ledger; the password is never part of the settings.

    Raises:
        LedgerError: `state.database_url` is no address.
    """
    if state.database_url is None:
        return URL.create("sqlite", database=str(state.directory / "ledger.sqlite"))
    try:
        url = make_url(state.database_url)
    except (ArgumentError, ValueError) as exc:
        # The text is not shown: somebody may have written a password into it.
        raise LedgerError("state.database_url is no address; write postgresql://USER@HOST:PORT/DATABASE") from exc
    if url.get_backend_name() == "sqlite":
        return url
    url = url.set(drivername="postgresql+psycopg")
    return url.set(password=password) if password else url


def copy_in_waiting(file: Path, label: str) -> Path:
    """Give the name under which a restore writes a new file of SQLite, beside the one whose place it takes."""
    return file.with_name(f".{file.name}.restoring-{label}")


def copies_in_waiting(file: Path) -> tuple[Path, ...]:
    """List what restores that were cut short left beside a file."""
    return tuple(file.parent.glob(f".{file.name}.restoring-*"))
