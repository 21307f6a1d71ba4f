"""What was found of one thing that the service needs."""

from dataclasses import dataclass
from enum import StrEnum


class ItemState(StrEnum):
    """How grave it is."""

    OK = "ok"
    WARNING = "warning"  #: it works, and may surprise
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of `aip check`; `remedy` is empty when there is nothing to do."""

    name: str
    state: ItemState
    detail: str
    remedy: str = ""


def ok(name: str, detail: str) -> Item:
    """All is well."""
    return Item(name=name, state=ItemState.OK, detail=detail)


def warning(name: str, detail: str, remedy: str) -> Item:
    """It works, and may surprise."""
    return Item(name=name, state=ItemState.WARNING, detail=detail, remedy=remedy)


def failed(name: str, detail: str, remedy: str) -> Item:
    """The service cannot work like this."""
    return Item(name=name, state=ItemState.FAILED, detail=detail, remedy=remedy)


def split_remedy(message: str) -> tuple[str, str]:
    """Part an error's message into what happened and the next step."""
    detail, _, remedy = message.rpartition("; ")
    return (detail, remedy) if detail else (message, "")
