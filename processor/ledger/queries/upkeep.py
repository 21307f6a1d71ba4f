"""Read what became of backups, and whether totals moved by something else than work."""

from typing import Final

from sqlalchemy import Connection, select

from processor.ledger.backups import BackupRecord, list_backups
from processor.ledger.schema import facts

__all__ = ["BackupRecord", "list_backups", "totals_moved_at"]

_MOVED_AT: Final = select(facts.c.value).where(facts.c.key == "totals_moved_at")


def totals_moved_at(db: Connection) -> float | None:
    """Tell when a restore or an import last changed totals; None when none ever did."""
    found = db.execute(_MOVED_AT).scalar()
    return None if found is None else float(found)
