"""Keep the last good settings of each service, for a command that finds a fault in the files."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from processor.ledger.schema import service_settings


@dataclass(frozen=True, kw_only=True)
class NotedSettings:
    """What a service works with: `document` is written and read by `settings/noted.py`, `folder` is absolute."""

    instance: str
    host: str
    folder: str
    noted_at: float
    document: str


def note(db: Connection, noted: NotedSettings) -> None:
    """Keep a service's settings in place of its former ones."""
    db.execute(delete(service_settings).where(service_settings.c.instance == noted.instance))
    db.execute(insert(service_settings).values(**noted.__dict__))


def list_noted(db: Connection, host: str, folder: str) -> tuple[NotedSettings, ...]:
    """Read what services on a host worked with that read a folder; they may be gone."""
    at = (service_settings.c.host == host, service_settings.c.folder == folder)
    rows = db.execute(select(service_settings).where(*at).order_by(service_settings.c.instance))
    return tuple(NotedSettings(**row._mapping) for row in rows)  # SQLAlchemy's documented name
