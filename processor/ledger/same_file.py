"""Stay with the file that bears the ledger's name: a restore puts another one in its place while programs have it open.

A connection is to a file, whatever becomes of its name. Without a look an operator's word would go into the ledger that
was put away, and be lost.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from processor.errors import DatabaseAway


def follow_the_name(engine: Engine, file: Path) -> None:
    """Have each transaction look whether its connection is to the file of this name, and connect anew where it is not.

    A file that was there once and is not any more is waited for and never made; a transaction raises DatabaseAway then.
    """
    known: set[tuple[int, int]] = set()

    @event.listens_for(engine, "do_connect")
    def _refuse_to_make(_dialect: Any, _record: Any, _arguments: Any, _options: Any) -> None:
        if known and not file.exists():
            raise _gone(file)

    @event.listens_for(engine, "connect")
    def _note(_connection: Any, record: Any) -> None:
        record.info["file"] = _identity(file)
        known.add(record.info["file"])

    @event.listens_for(engine, "checkout")
    def _look(_connection: Any, record: Any, _proxy: Any) -> None:
        if _identity(file) != record.info["file"]:
            raise DisconnectionError(f"another file was put in the place of {file}")


def _identity(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except FileNotFoundError as exc:
        raise _gone(file) from exc
    return found.st_dev, found.st_ino


def _gone(file: Path) -> DatabaseAway:
    return DatabaseAway(f"the ledger {file} was taken away; wait when a restore is at work, else put the file back")
