"""`/api/checklists`: what the lists found when they were last gone through, and of any earlier date."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from processor.api.bearer import Refusal
from processor.checklists.document import ShownChecklist
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.model import Checklist, list_date
from processor.settings.sections import MainFile

_ABSENT: dict[int | str, dict[str, Any]] = {404: {"model": Refusal, "description": "no such list was gone through"}}
_MOST_DATES = 100


class RecordedChecklist(BaseModel):
    """A kind of list: the dates on which it was gone through, newest first, and its newest items."""

    dates: list[str]
    newest: ShownChecklist | None


class RecordedChecklists(BaseModel):
    """Both lists."""

    daily: RecordedChecklist
    weekly: RecordedChecklist


def checklist_routes(ledger: Ledger, *, main: Callable[[], MainFile]) -> APIRouter:
    """Make the routes; they only read what was found, and evaluate nothing."""
    routes = APIRouter(prefix="/api/checklists", tags=["checklists"])

    @routes.get("", summary="The newest daily and weekly list, item by item, and the dates of those before")
    def get_checklists(language: Literal["en", "ja"] | None = None) -> RecordedChecklists:
        return RecordedChecklists(
            daily=_recorded(ledger, main(), Checklist.DAILY, language),
            weekly=_recorded(ledger, main(), Checklist.WEEKLY, language),
        )

    @routes.get(
        "/{checklist}/{date}",
        summary="The list of a day, or of the week it is in",
        responses=_ABSENT,
    )
    def get_checklist(checklist: Checklist, date: date, language: Literal["en", "ja"] | None = None) -> ShownChecklist:
        found = _shown(ledger, main(), checklist, list_date(checklist, date).isoformat(), language)
        if found is None:
            raise HTTPException(
                404, f"no {checklist} list of {date} was gone through; GET /api/checklists has the dates"
            )
        return found

    return routes


def _recorded(
    ledger: Ledger, main: MainFile, checklist: Checklist, language: Literal["en", "ja"] | None
) -> RecordedChecklist:
    with ledger.read() as db:
        dates = queries.checklist_dates(db, checklist, _MOST_DATES)
    newest = _shown(ledger, main, checklist, dates[0], language) if dates else None
    return RecordedChecklist(dates=list(dates), newest=newest)


def _shown(
    ledger: Ledger, main: MainFile, checklist: Checklist, day: str, language: Literal["en", "ja"] | None
) -> ShownChecklist | None:
    from processor.checklists.going_through import language_of, show_recorded  # noqa: PLC0415  # seldom asked

    with ledger.read() as db:
        records = queries.checklist_of(db, checklist, day)
    return show_recorded(checklist, day, records, main, language or language_of(main)) if records else None
