"""Tell a restored ledger that it was restored: its numbers jumped, and GitHub may know more than it does."""

import time

from sqlalchemy import Connection, delete, insert, select, update

from processor.ledger.schema import facts, services
from processor.ledger.services import STOPPED

_BORN_AT = "born_at"
_MADE_AT = "made_at"
_MOVED_AT = "totals_moved_at"
_BEHIND_SINCE = "behind_since"


def mark_restored(db: Connection, *, made_at: float, now: float) -> None:
    """Begin the counters anew in the eyes of Prometheus, and have GitHub asked before anything is done.

    Args:
        made_at: of the backup; what was published since then is unknown here.
    """
    begin_counters_anew(db, now)
    _put(db, _BEHIND_SINCE, repr(made_at))
    db.execute(update(services).values(state=STOPPED))  # they lived when the backup was made


def behind_statements(made_at: float) -> tuple[str, ...]:
    """Give the SQL that has GitHub asked first, for a ledger that is not in its place yet, of whatever schema."""
    return (
        f"DELETE FROM facts WHERE key = '{_BEHIND_SINCE}'",  # noqa: S608  # a constant
        f"INSERT INTO facts (key, value) VALUES ('{_BEHIND_SINCE}', '{made_at!r}')",  # noqa: S608  # a number
    )


def begin_counters_anew(db: Connection, now: float) -> None:
    """Give the counters another created time; when the ledger was first made stays known, for reports that are due."""
    born_at = db.execute(select(facts.c.value).where(facts.c.key == _BORN_AT)).scalar_one()
    if db.execute(select(facts.c.value).where(facts.c.key == _MADE_AT)).first() is None:
        _put(db, _MADE_AT, born_at)
    _put(db, _BORN_AT, repr(now))
    note_totals_moved(db, now)


def note_totals_moved(db: Connection, now: float | None = None) -> None:
    """Note that totals changed by something else than work: differences over this moment mean nothing."""
    _put(db, _MOVED_AT, repr(time.time() if now is None else now))


def behind_since(db: Connection) -> float | None:
    """Tell since when GitHub may know more than this ledger; None when it was asked, or there was no restore."""
    found = db.execute(select(facts.c.value).where(facts.c.key == _BEHIND_SINCE)).scalar()
    return None if found is None else float(found)


def note_caught_up(db: Connection) -> None:
    """Note that GitHub was asked for all that was missed."""
    db.execute(delete(facts).where(facts.c.key == _BEHIND_SINCE))


def _put(db: Connection, key: str, value: str) -> None:
    db.execute(delete(facts).where(facts.c.key == key))
    db.execute(insert(facts).values(key=key, value=value))
