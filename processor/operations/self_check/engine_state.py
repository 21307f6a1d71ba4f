"""Look whether the engine's jobs can be opened where they have a file of their own, without making one."""

import os

from sqlalchemy import create_engine

from processor.engine.durable import EngineDatabase
from processor.errors import LedgerError
from processor.ledger.soundness import find_damaged_pages
from processor.operations.self_check.item import Item, failed, ok, split_remedy

_NAME = "engine's jobs"
_MADE_ANEW = "move it away: the next start makes it anew from the ledger"


def check_engine(database: EngineDatabase) -> tuple[Item, ...]:
    """Open the file; in PostgreSQL the jobs lie in the ledger's database, of which is told already."""
    file = database.file
    if file is None:
        return ()
    if not file.exists():
        return (ok(_NAME, f"{file} is new; the first `aip run` makes it"),)
    engine = create_engine(database.url)
    try:
        with database.opening(), engine.connect() as db:
            damage = find_damaged_pages(db)
    except LedgerError as exc:
        return (failed(_NAME, *split_remedy(str(exc))),)
    finally:
        engine.dispose()
    if damage:
        return (failed(_NAME, f"{file} {damage}", _MADE_ANEW),)
    if not os.access(file, os.W_OK):
        return (failed(_NAME, f"{file} cannot be written", "let this user write there, or set state.directory"),)
    return (ok(_NAME, str(file)),)
