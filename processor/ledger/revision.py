"""Tell the schema of a ledger, and those that this program knows.

Alembic stays out of it: it takes 10 MB and a tenth of a second, and is needed only where a schema changes.
"""

from importlib import resources
from typing import Final

from sqlalchemy import Connection, text

_HAS_SCHEMA: Final = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT count(to_regclass('alembic_version'))",
}


def known_schemas() -> tuple[str, ...]:
    """List the schemas that this program knows, the newest last, from the names of the migrations."""
    folder = resources.files("processor.ledger") / "migrations" / "versions"
    return tuple(sorted(entry.name[:4] for entry in folder.iterdir() if entry.name[:4].isdigit()))


def newest_schema() -> str:
    """Tell the schema that this program reads and writes."""
    return known_schemas()[-1]


def current_schema(connection: Connection) -> str | None:
    """Tell the schema of a database; None when it holds no ledger."""
    if not connection.execute(text(_HAS_SCHEMA[connection.dialect.name])).scalar_one():
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
