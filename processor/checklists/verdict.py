"""What an item was found to be: evidence with unit and limit, and a status that follows from it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from processor.model import ItemStatus

Unit = Literal["percent", "seconds", "bytes", "dollars", "count", "moment", "text"]


class Evidence(BaseModel):
    """One number or word; `of` is whose it is. It is within its limit at the limit itself.

    Shares are percent, moments seconds of the epoch; None as value means that there is no such number.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    value: float | int | str | None
    unit: Unit
    limit: float | None = None
    is_least: bool = False  #: the limit is the least that is well, not the most
    of: str = ""

    @property
    def is_within(self) -> bool:
        """Tell whether it keeps to its limit."""
        if self.limit is None or not isinstance(self.value, int | float):
            return True
        return self.value >= self.limit if self.is_least else self.value <= self.limit


class Reason(BaseModel):
    """Why an item is as it is, by the name under which its words are kept, and what they are filled with."""

    model_config = ConfigDict(frozen=True)
    name: str
    values: dict[str, str] = {}


class See(BaseModel):
    """Something to look at: what it is called, and its address where it has one."""

    model_config = ConfigDict(frozen=True)
    text: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What an item was found to be. `reasons` say why it is unknown, or what else there is to say."""

    status: ItemStatus
    evidence: tuple[Evidence, ...] = ()
    needs_person: bool = False
    reasons: tuple[Reason, ...] = ()
    error: str = ""  #: what an error said that kept the item from being read
    see: tuple[See, ...] = ()


def judged(
    *evidence: Evidence,
    failed: bool = False,
    attention: bool = False,
    reasons: Iterable[Reason] = (),
    see: Iterable[See] = (),
) -> Verdict:
    """Give the verdict that follows: attention where a limit is passed or where it is said, failed where it is."""
    is_over = attention or not all(one.is_within for one in evidence)
    status = ItemStatus.FAILED if failed else ItemStatus.ATTENTION if is_over else ItemStatus.OK
    return Verdict(status=status, evidence=evidence, reasons=tuple(reasons), see=tuple(see))


def asks_a_person(*evidence: Evidence, see: Iterable[See] = ()) -> Verdict:
    """Give the verdict of what only a person can tell; it stays so until it is signed."""
    return Verdict(status=ItemStatus.ATTENTION, evidence=evidence, needs_person=True, see=tuple(see))


def unknown(*evidence: Evidence, reasons: Iterable[Reason]) -> Verdict:
    """Give the verdict of what is not known."""
    return Verdict(status=ItemStatus.UNKNOWN, evidence=evidence, reasons=tuple(reasons))


def unreadable(error: str) -> Verdict:
    """Give the verdict of what could not be read, with what the error said."""
    return Verdict(status=ItemStatus.UNKNOWN, error=error)


def because(name: str, **values: object) -> Reason:
    """Give a reason."""
    return Reason(name=name, values={key: str(value) for key, value in values.items()})


def percent(
    name: str, ratio: float | None, limit: float | None = None, *, least: bool = False, of: str = ""
) -> Evidence:
    """Give a share; ratios become percent."""
    value = None if ratio is None else round(100 * ratio, 1)
    bound = None if limit is None else round(100 * limit, 1)
    return Evidence(name=name, value=value, unit="percent", limit=bound, is_least=least, of=of)


def count(
    name: str, number: float | None, limit: float | None = None, *, least: bool = False, of: str = ""
) -> Evidence:
    """Give a number of things."""
    return Evidence(name=name, value=number, unit="count", limit=limit, is_least=least, of=of)


def seconds(name: str, length: float | None, limit: float | None = None, *, of: str = "") -> Evidence:
    """Give a length of time."""
    return Evidence(name=name, value=None if length is None else round(length, 1), unit="seconds", limit=limit, of=of)


def text(name: str, words: str, *, of: str = "") -> Evidence:
    """Give a word."""
    return Evidence(name=name, value=words, unit="text", of=of)
