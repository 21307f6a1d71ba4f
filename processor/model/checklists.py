"""Checklists: their sections, what an item may be found to be, and when each section is due. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Checklist(StrEnum):
    """The handbook's two lists."""

    DAILY = "daily"
    WEEKLY = "weekly"


#: Their sections, in the handbook's order.
CHECKLIST_SECTIONS = {
    Checklist.DAILY: ("system_health", "processing", "metrics", "quality"),
    Checklist.WEEKLY: ("performance", "optimization", "maintenance", "reporting"),
}
_LENGTH = {Checklist.DAILY: timedelta(days=1), Checklist.WEEKLY: timedelta(days=7)}


class ItemStatus(StrEnum):
    """What an item of a checklist was found to be."""

    OK = "ok"
    ATTENTION = "attention"  #: somebody should look at it
    FAILED = "failed"
    UNKNOWN = "unknown"  #: it could not be read

    @property
    def number(self) -> int:
        """The value of the metric."""
        return list(ItemStatus).index(self)


@dataclass(frozen=True)
class Turn:
    """One section of a list of one date; a weekly list has the date of its Monday. `due_at` is of the epoch."""

    checklist: Checklist
    section: str
    date: date
    due_at: float


def date_of(checklist: Checklist, now: float, zone: ZoneInfo) -> date:
    """Give the date of the list that is current: today, or the Monday of this week."""
    return list_date(checklist, datetime.fromtimestamp(now, zone).date())


def list_date(checklist: Checklist, day: date) -> date:
    """Give the date of the list that a day is in: the day, or the Monday of its week."""
    return day if checklist is Checklist.DAILY else day - timedelta(days=day.weekday())


def newest_turn(checklist: Checklist, section: str, at: time, zone: ZoneInfo, now: float) -> Turn:
    """Give the newest turn of a section that is due.

    Where clocks go forward over that time it is as much later; where they go back, at the first of the two.
    """
    day = date_of(checklist, now, zone)
    if _moment(day, at, zone) > now:
        day -= _LENGTH[checklist]
    return Turn(checklist, section, day, _moment(day, at, zone))


def overdue_seconds(turns: Iterable[Turn], done: Iterable[tuple[str, date]], made_at: float, now: float) -> float:
    """Tell how long the oldest of some turns has waited that nobody took; 0 when all are done.

    Args:
        done: section and date of what was done.
        made_at: when the ledger was made; what was due before it is nobody's omission.
    """
    finished = set(done)
    waiting = [one for one in turns if one.due_at > made_at and (one.section, one.date) not in finished]
    return max((now - one.due_at for one in waiting), default=0.0)


def _moment(day: date, at: time, zone: ZoneInfo) -> float:
    return datetime.combine(day, at, zone).timestamp()
