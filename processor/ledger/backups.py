"""Write which backups there are, so that the exporter can tell their age without reaching their folder."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from processor.ledger.schema import backups


@dataclass(frozen=True, kw_only=True)
class BackupRecord:
    """One backup that is kept. `is_sound` is None until it was restored on trial."""

    name: str
    host: str
    made_at: float
    size_bytes: int
    verified_at: float | None = None
    is_sound: bool | None = None


def note(db: Connection, backup: BackupRecord) -> None:
    """Write a backup down, or what is known of it now."""
    forget(db, backup.name)
    db.execute(insert(backups).values(**backup.__dict__))


def forget(db: Connection, name: str) -> None:
    """Strike out a backup that is gone."""
    db.execute(delete(backups).where(backups.c.name == name))


def list_backups(db: Connection) -> tuple[BackupRecord, ...]:
    """Read every backup that is written down, the newest first."""
    rows = db.execute(select(backups).order_by(backups.c.made_at.desc(), backups.c.name.desc()))
    return tuple(BackupRecord(**row._mapping) for row in rows)  # SQLAlchemy's documented name
