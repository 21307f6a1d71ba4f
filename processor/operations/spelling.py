"""Give a repository the name under which it is recorded: GitHub knows no letter case in names, our records do."""

from processor.errors import UsageError
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.settings.places import did_you_mean
from processor.settings.sections import MainFile, Settings


def is_listed(main: MainFile, repository: str) -> bool:
    """Tell whether the settings name the repository, so that polls look at it."""
    return any(one.name.lower() == repository.lower() for one in main.served)


def name_as_known(typed: str, settings: Settings, ledger: Ledger) -> str:
    """Spell it as the ledger does, else as the settings do, else as it was typed."""
    with ledger.read() as db:
        recorded = queries.recorded_name(db, typed)
        is_recorded = recorded in queries.recorded_repositories(db)
    listed = (one.name for one in settings.main.served if one.name.lower() == typed.lower())
    return recorded if is_recorded else next(listed, typed)


def known_name(typed: str, settings: Settings, ledger: Ledger) -> str:
    """Spell a repository as it is known.

    Raises:
        UsageError: neither the settings nor the ledger know it; a sandbox of the canary is known, and never advised.
    """
    name = name_as_known(typed, settings, ledger)
    listed = {one.name for one in settings.main.repositories}
    with ledger.read() as db:
        known = {*queries.recorded_repositories(db), *(one.name for one in settings.main.served)}
        sandboxes = {*queries.canary_repositories(db), *(one.name for one in settings.main.served)} - listed
    if name not in known:
        meant = known - sandboxes
        advice = did_you_mean(typed, meant, f"known: {', '.join(sorted(meant)) or 'none'}")
        raise UsageError(f"neither the settings nor the ledger know a repository {typed}; {advice}")
    return name
