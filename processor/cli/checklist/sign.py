"""`aip checklist sign`: who saw to an item, and what they say."""

import time
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from processor.checklists.items import ITEMS, Item
from processor.cli import options, screen
from processor.cli.completion import offer_items
from processor.cli.state import act, actor, command_ledger
from processor.errors import UsageError
from processor.ledger import checklists, operators, queries
from processor.ledger.checklists import Signature
from processor.model import date_of, list_date

_MOST_CHARACTERS = 2000


def sign(
    context: typer.Context,
    item: Annotated[
        str, typer.Argument(metavar="ITEM", help="An item, such as security_alerts.", autocompletion=offer_items)
    ],
    *,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who saw to it; you when absent.")] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was found or done.")] = "",
    day: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The list of a date; the current when absent.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Say that somebody saw to an item.

    An item that needs a person is well once it is signed. One that failed stays failed, and the alert about it ends.

    Example: aip checklist sign pull_request_quality --by hanako --note "read all three, one closed"
    """
    known = _item(item)
    now = time.time()
    with command_ledger(context) as (settings, ledger):
        current = date_of(known.checklist, now, ZoneInfo(settings.main.timezone))
        signed = Signature(
            checklist=known.checklist,
            date=current if day is None else _date(known, day, current),
            item=known.name,
            signed_at=now,
            signed_by=actor(context) if by is None else _line("--by", by),
            note=_line("--note", note) if note else "",
        )
        with ledger.write() as db:
            if signed.date != current:
                _refuse_unknown(db, signed)
            checklists.sign(db, signed)
            operators.record(db, act(context, "checklist.sign", f"{known.name} {signed.date}", signed.note), now)
    if as_json:
        screen.print_json({**asdict(signed), "date": signed.date.isoformat()})
    else:
        screen.say(f"{known.name} of the {known.checklist} list of {signed.date} is signed by {signed.signed_by}")


def _item(name: str) -> Item[Any]:
    for one in ITEMS:
        if one.name == name:
            return one
    raise UsageError(f"no checklist has an item {name}; use one of {', '.join(one.name for one in ITEMS)}")


def _date(item: Item[Any], day: str, current: date) -> date:
    try:
        found = list_date(item.checklist, date.fromisoformat(day))
    except ValueError as exc:
        raise UsageError(f"--date {day} is no date; write it as YYYY-MM-DD, such as 2026-11-26") from exc
    if found > current:
        raise UsageError(f"--date {day} is still to come; a list is signed on its day or later")
    return found


def _refuse_unknown(db: Connection, signed: Signature) -> None:
    """Raise UsageError when nobody went through the earlier list: it has nothing that could be signed."""
    found = queries.checklist_of(db, signed.checklist, signed.date.isoformat())
    if signed.item not in {one.item for one in found}:
        raise UsageError(
            f"the {signed.checklist} list of {signed.date} has no {signed.item}: nobody went through it; leave out "
            "--date for the current list"
        )


def _line(option: str, text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > _MOST_CHARACTERS:
        raise UsageError(f"{option} is empty, longer than {_MOST_CHARACTERS} characters or no single line; shorten it")
    return text.strip()
