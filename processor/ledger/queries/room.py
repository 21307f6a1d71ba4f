"""Read how much of the ledger's room is unused: what upkeep would give back."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

_SQLITE: Final = text(
    "SELECT page_count * page_size, freelist_count * page_size"
    " FROM pragma_page_count(), pragma_page_size(), pragma_freelist_count()"
)
_POSTGRESQL: Final = text(
    "SELECT coalesce(sum(pg_total_relation_size(relid)), 0),"
    " coalesce(sum(n_dead_tup), 0), coalesce(sum(n_live_tup), 0),"
    " extract(epoch FROM max(greatest(last_vacuum, last_autovacuum)))"
    " FROM pg_stat_user_tables WHERE schemaname = current_schema()"
)


@dataclass(frozen=True)
class Room:
    """Size in bytes, and the share of it (pages on SQLite, rows on PostgreSQL) that is unused, 0 to 1."""

    size_bytes: int
    free_ratio: float
    vacuumed_at: float | None  #: PostgreSQL alone says it; seconds of the epoch


def room(db: Connection) -> Room:
    """Read it; at a cost that does not grow with the ledger."""
    if db.dialect.name == "sqlite":
        size, free = db.execute(_SQLITE).one()
        return Room(int(size), free / size if size else 0.0, None)
    size, dead, live, vacuumed_at = db.execute(_POSTGRESQL).one()
    rows = float(dead + live)
    return Room(int(size), float(dead) / rows if rows else 0.0, None if vacuumed_at is None else float(vacuumed_at))
