"""Look whether the ledger can be opened and fits this program, without making or migrating one."""

import contextlib
from pathlib import Path

from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from processor.errors import LedgerError
from processor.ledger import services
from processor.ledger.address import POSTGRESQL_SCHEMA, ledger_url
from processor.ledger.connection import open_ledger
from processor.ledger.failures import shown
from processor.ledger.soundness import find_damage
from processor.operations.self_check.item import Item, failed, ok, split_remedy
from processor.settings.sections import State

_NEW = "the first `aip run` makes the ledger"


def check_ledger(state: State, password: str | None, now: float) -> tuple[Item, frozenset[str]]:
    """Open the ledger; with the finding come the addresses of the services that live on it."""
    place = shown(ledger_url(state))
    if is_new(state, password):
        return ok("ledger", f"{place} is new; {_NEW}"), frozenset()
    try:
        with contextlib.closing(open_ledger(state, password, migrate=False)) as ledger, ledger.read() as db:
            if damage := find_damage(db):
                return failed("ledger", f"{place} {damage}", "restore a backup"), frozenset()
            alive = [service for service in services.list_services(db) if service.is_alive(now)]
    except LedgerError as exc:
        return failed("ledger", *split_remedy(str(exc))), frozenset()
    running = f", {len(alive)} running service{'' if len(alive) == 1 else 's'}" if alive else ""
    return ok("ledger", f"{place}{running}"), frozenset(service.url for service in alive)


def is_new(state: State, password: str | None) -> bool:
    """Tell whether there is a place for a ledger and nothing in it; what cannot be reached is not new."""
    url = ledger_url(state, password)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and not Path(url.database or "").exists():
        return True
    engine = create_engine(url)
    try:
        return not inspect(engine).has_table("alembic_version", schema=None if is_sqlite else POSTGRESQL_SCHEMA)
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
