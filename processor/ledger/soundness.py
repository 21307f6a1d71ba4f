"""Look whether a ledger that opens is whole: its tables, and on SQLite its pages."""

from sqlalchemy import Connection, inspect, text

from processor.ledger.schema import metadata


def find_damage(db: Connection) -> str:
    """Say what is wrong; empty when nothing is. SQLite reads its whole file for it, about a second for 500 MB."""
    missing = sorted(set(metadata.tables) - set(inspect(db).get_table_names()))
    if missing:
        return f"lacks the table{'' if len(missing) == 1 else 's'} {', '.join(missing)}"
    return find_damaged_pages(db) if db.dialect.name == "sqlite" else ""


def find_damaged_pages(db: Connection) -> str:
    """Say what SQLite finds wrong in its file; empty when nothing is."""
    said = str(db.execute(text("PRAGMA quick_check(1)")).scalar())
    return "" if said == "ok" else f"is damaged: {' '.join(said.removeprefix('*** in database main ***').split())}"
