"""Use the database password as it is now for each new connection, so that a rotated one is taken up."""

from collections.abc import Callable

from sqlalchemy import Dialect, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry


def ask_at_each_connection(engine: Engine, password: Callable[[], str]) -> None:
    """Have an engine ask for the password whenever it connects; connections that stand go on.

    SQLite takes none: there the variable PGPASSWORD belongs to something else of this machine.
    """
    if engine.dialect.name == "sqlite":
        return

    @event.listens_for(engine, "do_connect")
    def _connect(
        _dialect: Dialect, _entry: ConnectionPoolEntry, _arguments: list[object], parameters: dict[str, object]
    ) -> None:
        parameters["password"] = password()
