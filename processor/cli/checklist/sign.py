"""`aip checklist sign`: who saw to an item, and what they say."""

import time
from datetime import date, datetime
from datetime import time as clock
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from processor.checklists.items import ITEMS, Item
from processor.cli import screen
from processor.cli.state import act, actor, command_ledger
from processor.errors import UsageError
from processor.ledger import checklists, operators
from processor.ledger.checklists import Signature
from processor.model import date_of

_MOST_CHARACTERS = 2000
_DAY_SECONDS = 86_400.0


def sign(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="An item, such as security_alerts.")],
    *,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who saw to it; you when absent.")] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was found or done.")] = "",
    day: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The list of a date; the current when absent.")
    ] = None,
) -> None:
    """Say that somebody saw to an item.

    An item that needs a person is well once it is signed. One that failed stays failed, and the alert about it ends.

    Example: aip checklist sign pull_request_quality --by hanako --note "read all three, one closed"
    """
    known = _item(item)
    now = time.time()
    with command_ledger(context) as (settings, ledger):
        zone = ZoneInfo(settings.main.timezone)
        signed = Signature(
            checklist=known.checklist,
            date=date_of(known.checklist, now if day is None else _moment(day, now, zone), zone),
            item=known.name,
            signed_at=now,
            signed_by=_line("--by", by or actor()),
            note=_line("--note", note) if note else "",
        )
        with ledger.write() as db:
            checklists.sign(db, signed)
            operators.record(db, act("checklist.sign", f"{known.name} {signed.date}", signed.note), now)
    screen.say(f"{known.name} of the {known.checklist} list of {signed.date} is signed by {signed.signed_by}")


def _item(name: str) -> Item[Any]:
    for one in ITEMS:
        if one.name == name:
            return one
    raise UsageError(f"no checklist has an item {name}; use one of {', '.join(one.name for one in ITEMS)}")


def _moment(day: str, now: float, zone: ZoneInfo) -> float:
    """Give noon of a date, which is in the list of that date."""
    try:
        found = datetime.combine(date.fromisoformat(day), clock(12), zone).timestamp()
    except ValueError as exc:
        raise UsageError(f"--date {day} is no date; write it as YYYY-MM-DD, such as 2026-11-26") from exc
    if found > now + _DAY_SECONDS:
        raise UsageError(f"--date {day} is still to come; a list is signed on its day or later")
    return found


def _line(option: str, text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > _MOST_CHARACTERS:
        raise UsageError(f"{option} is empty, longer than {_MOST_CHARACTERS} characters or no single line; shorten it")
    return text.strip()
