"""Read checklists: what the newest lists found, who signed, since when a failed item waits for a signature."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, func, select

from processor.ledger.schema import checklist_results, checklist_signatures, checklist_turns
from processor.model import ItemStatus

#: So many lists are looked back at for the beginning of a failure.
_LOOK_BACK = 60


@dataclass(frozen=True)
class SignatureRecord:
    """Who saw to an item, when, and what they say."""

    item: str
    signed_at: float
    signed_by: str
    note: str


@dataclass(frozen=True)
class ItemRecord:
    """What an item of a list was found to be, with its last signature; `finding` is JSON."""

    checklist: str
    date: str
    section: str
    item: str
    status: ItemStatus
    needs_person: bool
    found_at: float
    finding: str
    signature: SignatureRecord | None

    @property
    def standing(self) -> ItemStatus:
        """What it is now: where only a person can tell, a signature is the answer."""
        return ItemStatus.OK if self.needs_person and self.signature else self.status


@dataclass(frozen=True, kw_only=True)
class ChecklistStanding:
    """The newest list of a kind: its items, when a section was last done, and since when a failure is unsigned."""

    checklist: str
    last_run_at: float
    items: tuple[ItemRecord, ...]
    unsigned_since: dict[str, float]  #: by item; only those that failed and were not signed since


def checklist_standings(db: Connection) -> tuple[ChecklistStanding, ...]:
    """Read the newest list of each kind; a section that is not done yet shows what the list before found."""
    rows = db.execute(
        select(checklist_turns.c.checklist, func.max(checklist_turns.c.finished_at))
        .where(checklist_turns.c.finished_at.is_not(None))
        .group_by(checklist_turns.c.checklist)
    )
    found = []
    for checklist, last_run_at in sorted(tuple(row) for row in rows):
        items = _newest_items(db, checklist)
        failed = [one for one in items if one.status is ItemStatus.FAILED and one.signature is None]
        since = {one.item: at for one in failed if (at := _unsigned_since(db, one)) is not None}
        found.append(ChecklistStanding(checklist=checklist, last_run_at=last_run_at, items=items, unsigned_since=since))
    return tuple(found)


def checklist_of(db: Connection, checklist: str, date: str) -> tuple[ItemRecord, ...]:
    """Read what a list of a date found; empty when none was gone through."""
    here = (checklist_results.c.checklist == checklist, checklist_results.c.date == date)
    signed = signatures_of(db, checklist, date)
    return tuple(_item(row, signed.get(row.item)) for row in db.execute(select(checklist_results).where(*here)))


def checklist_dates(db: Connection, checklist: str, limit: int) -> tuple[str, ...]:
    """List the dates of which there is a list, newest first."""
    dates = select(checklist_results.c.date).where(checklist_results.c.checklist == checklist).distinct()
    return tuple(db.execute(dates.order_by(checklist_results.c.date.desc()).limit(limit)).scalars())


def turns_done(db: Connection, dates: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Give section and date of what was done on some dates."""
    wanted = select(checklist_turns.c.section, checklist_turns.c.date).where(
        checklist_turns.c.date.in_(tuple(dates)), checklist_turns.c.finished_at.is_not(None)
    )
    return frozenset((row.section, row.date) for row in db.execute(wanted))


def signatures_of(db: Connection, checklist: str, date: str) -> dict[str, SignatureRecord]:
    """Give the last signature of each item of a list."""
    here = (checklist_signatures.c.checklist == checklist, checklist_signatures.c.date == date)
    rows = db.execute(select(checklist_signatures).where(*here).order_by(checklist_signatures.c.id))
    return {row.item: SignatureRecord(row.item, row.signed_at, row.signed_by, row.note) for row in rows}


def _newest_items(db: Connection, checklist: str) -> tuple[ItemRecord, ...]:
    of_it = checklist_results.c.checklist == checklist
    newest = (
        select(checklist_results.c.item, func.max(checklist_results.c.date).label("date"))
        .where(of_it)
        .group_by(checklist_results.c.item)
        .subquery()
    )
    same = (checklist_results.c.item == newest.c.item) & (checklist_results.c.date == newest.c.date)
    rows = db.execute(select(checklist_results).join(newest, same).where(of_it).order_by(checklist_results.c.item))
    found = rows.all()
    signed = {date: signatures_of(db, checklist, date) for date in {row.date for row in found}}
    return tuple(_item(row, signed[row.date].get(row.item)) for row in found)


def _item(row: Any, signature: SignatureRecord | None) -> ItemRecord:
    return ItemRecord(
        row.checklist,
        row.date,
        row.section,
        row.item,
        ItemStatus(row.status),
        bool(row.needs_person),
        row.found_at,
        row.finding,
        signature,
    )


def _unsigned_since(db: Connection, item: ItemRecord) -> float | None:
    """Tell when it failed for the first time since it last was well or was signed; None when it is neither."""
    rows = db.execute(
        select(checklist_results.c.date, checklist_results.c.status, checklist_results.c.found_at)
        .where(checklist_results.c.checklist == item.checklist, checklist_results.c.item == item.item)
        .order_by(checklist_results.c.date.desc())
        .limit(_LOOK_BACK)
    ).all()
    signed = select(func.max(checklist_signatures.c.date)).where(
        checklist_signatures.c.checklist == item.checklist, checklist_signatures.c.item == item.item
    )
    signed_date = db.execute(signed).scalar() or ""
    failing = takewhile(lambda one: one.status == ItemStatus.FAILED and one.date > signed_date, rows)
    return min((one.found_at for one in failing), default=None)
