"""A checklist as it is shown, stored and given over HTTP."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from processor.checklists.verdict import Evidence, Reason, See
from processor.model import Checklist, ItemStatus

Language = Literal["en", "ja"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Signed(_Frozen):
    """Who saw to an item, when (seconds of the epoch), and what they say."""

    by: str
    at: float
    note: str


class Finding(_Frozen):
    """What the ledger keeps of an item beside its status."""

    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[Reason, ...] = ()
    reason: str = ""  #: what an error said
    see: tuple[See, ...] = ()


class ShownItem(_Frozen):
    """One item. `look_at` says what to look at; `link` is the dashboard that says more."""

    item: str
    section: str
    title: str
    status: ItemStatus
    needs_person: bool
    look_at: str
    evidence: tuple[Evidence, ...]
    reason: str
    see: tuple[See, ...]
    link: str
    found_at: float
    signed: Signed | None = None


class ShownChecklist(_Frozen):
    """A list of a date, or one section of it; times are seconds of the epoch."""

    checklist: Checklist
    date: str
    timezone: str
    language: Language
    items: tuple[ShownItem, ...]
