"""Give a repository the name under which it is recorded: GitHub knows no letter case in names, our records do."""

from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.settings.sections import Settings


def name_as_known(typed: str, settings: Settings, ledger: Ledger) -> str:
    """Spell it as the ledger does, else as the settings do, else as it was typed."""
    with ledger.read() as db:
        recorded = queries.recorded_name(db, typed)
        is_recorded = recorded in queries.recorded_repositories(db)
    listed = (one.name for one in settings.main.repositories if one.name.lower() == typed.lower())
    return recorded if is_recorded else next(listed, typed)
