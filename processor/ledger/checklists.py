"""Write checklists: take a section's turn, note what was found, sign an item."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from processor.ledger.schema import checklist_results, checklist_signatures, checklist_turns
from processor.model import Checklist, ItemStatus, Turn

#: A service that took a turn and died leaves it to the others after so long.
_LEASE_SECONDS = 900.0


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an item was found to be; `finding` is JSON."""

    item: str
    section: str
    status: ItemStatus
    needs_person: bool
    finding: str


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who saw to an item of a list, and what they say."""

    checklist: Checklist
    date: date
    item: str
    signed_at: float
    signed_by: str
    note: str


def take_turn(db: Connection, turn: Turn, instance: str, now: float) -> bool:
    """Take a section's turn; False when it is done, or another service is at it."""
    here = _of(turn)
    row = db.execute(select(checklist_turns).where(*here)).first()
    if row is None:
        _insert_turn(db, turn, instance, now)
        return True
    if row.finished_at is not None or now - row.started_at < _LEASE_SECONDS:
        return False
    db.execute(update(checklist_turns).where(*here).values(started_at=now, started_by=instance))
    return True


def finish_turn(db: Connection, turn: Turn, found: Iterable[Found], instance: str, now: float) -> None:
    """Note what was found, in place of what was found before in the same list."""
    for one in found:
        here = (
            checklist_results.c.checklist == turn.checklist,
            checklist_results.c.date == turn.date.isoformat(),
            checklist_results.c.item == one.item,
        )
        db.execute(delete(checklist_results).where(*here))
        row = {**one.__dict__, "needs_person": int(one.needs_person)}
        db.execute(
            insert(checklist_results).values(checklist=turn.checklist, date=turn.date.isoformat(), found_at=now, **row)
        )
    if db.execute(update(checklist_turns).where(*_of(turn)).values(finished_at=now)).rowcount == 0:
        _insert_turn(db, turn, instance, now, finished_at=now)


def sign(db: Connection, signature: Signature) -> None:
    """Keep a signature; a later one of the same item stands beside it."""
    row = {**signature.__dict__, "date": signature.date.isoformat()}
    db.execute(insert(checklist_signatures).values(**row))


def _insert_turn(db: Connection, turn: Turn, instance: str, now: float, *, finished_at: float | None = None) -> None:
    db.execute(
        insert(checklist_turns).values(
            checklist=turn.checklist,
            section=turn.section,
            date=turn.date.isoformat(),
            started_at=now,
            started_by=instance,
            finished_at=finished_at,
        )
    )


def _of(turn: Turn) -> tuple[ColumnElement[bool], ...]:
    return (
        checklist_turns.c.checklist == turn.checklist,
        checklist_turns.c.section == turn.section,
        checklist_turns.c.date == turn.date.isoformat(),
    )
