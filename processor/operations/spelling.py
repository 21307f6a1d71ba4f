"""Give a repository the name under which it is recorded: GitHub knows no letter case in names, our records do."""

from collections.abc import Iterable

from sqlalchemy import Connection

from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.settings.sections import Settings


def name_as_known(typed: str, settings: Settings, ledger: Ledger) -> str:
    """Spell it as the settings do, else as the ledger does, else as it was typed."""
    listed = [repository.name for repository in settings.main.repositories]
    with ledger.read() as db:
        return _spelled(typed, (*listed, *queries.recorded_repositories(db)))


def name_as_recorded(typed: str, db: Connection) -> str:
    """Spell it as the ledger does; as typed when the ledger has it in that way too."""
    recorded = queries.recorded_repositories(db)
    return typed if typed in recorded else _spelled(typed, recorded)


def _spelled(typed: str, names: Iterable[str]) -> str:
    return next((name for name in names if name.lower() == typed.lower()), typed)
