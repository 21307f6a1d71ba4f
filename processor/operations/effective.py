"""The settings as they are in force at this moment, for a command: those of the files under what is overridden."""

from processor.ledger import overrides as ledger_overrides
from processor.ledger.connection import Ledger
from processor.operations.overlay import in_force, overlay
from processor.settings.load import Loaded


def effective(base: Loaded, ledger: Ledger, now: float) -> Loaded:
    """Lay on the files' settings what the ledger says is overridden."""
    with ledger.read() as db:
        standing = in_force(ledger_overrides.list_overrides(db), now)
    return overlay(base, standing).loaded
