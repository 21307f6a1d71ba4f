"""`aip checklist daily` and `aip checklist weekly`: each item as it is now, with its evidence."""

import sys
import time
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer

from processor.checklists.document import Language
from processor.checklists.formats import markdown, plain_text
from processor.checklists.going_through import found_of, go_through, language_of, show_now
from processor.checklists.items import Item, items_of
from processor.checklists.sources import Sources
from processor.checklists.verdict import Verdict
from processor.cli import options, screen
from processor.cli.completion import offer_sections
from processor.cli.state import actor, command_ledger
from processor.cli.waiting import busy
from processor.errors import UsageError
from processor.ledger import checklists
from processor.model import CHECKLIST_SECTIONS, Checklist, Turn, date_of

_Section = Annotated[
    str | None, typer.Option("--section", metavar="NAME", help="One section alone.", autocompletion=offer_sections)
]
_Markdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown, for an issue or a wiki.")]
_Language = Annotated[Literal["en", "ja"] | None, typer.Option("--language", help="That of the settings when absent.")]
_Record = Annotated[bool, typer.Option("--record", help="Keep what is found as the current list.")]


@dataclass(frozen=True)
class _Asked:
    """What the options say."""

    section: str | None
    is_json: bool
    is_markdown: bool
    language: Language | None
    is_recorded: bool


def daily(
    context: typer.Context,
    *,
    section: _Section = None,
    as_json: options.Json = False,
    as_markdown: _Markdown = False,
    language: _Language = None,
    record: _Record = False,
) -> None:
    """Go through the daily checklist now.

    Sections: system_health, processing, metrics, quality. The service goes through them by the clock as well.

    Example: aip checklist daily --section processing
    """
    _go_through(context, Checklist.DAILY, _Asked(section, as_json, as_markdown, language, record))


def weekly(
    context: typer.Context,
    *,
    section: _Section = None,
    as_json: options.Json = False,
    as_markdown: _Markdown = False,
    language: _Language = None,
    record: _Record = False,
) -> None:
    """Go through the weekly checklist now.

    Sections: performance, optimization, maintenance, reporting. The service goes through them on Mondays as well.
    maintenance asks the package index for newer versions, which may take a minute.

    Example: aip checklist weekly --markdown --language ja
    """
    _go_through(context, Checklist.WEEKLY, _Asked(section, as_json, as_markdown, language, record))


def _go_through(context: typer.Context, checklist: Checklist, asked: _Asked) -> None:
    _refuse_stranger(checklist, asked)
    with command_ledger(context) as (settings, ledger):
        sources = Sources(ledger, settings, time.time())
        items = items_of(checklist, asked.section)
        with busy(f"going through the {checklist} list"):
            verdicts = go_through(items, sources)
        if asked.is_recorded:
            for section in dict.fromkeys(item.section for item in items):
                turn = Turn(checklist, section, date_of(checklist, sources.now, sources.zone), sources.now)
                found = found_of(_of_section(section, items, verdicts))
                with ledger.write() as db:
                    checklists.finish_turn(db, turn, found, actor(context), sources.now)
        shown = show_now(checklist, items, verdicts, sources, asked.language or language_of(settings.main))
    if asked.is_json:
        screen.print_json(shown.model_dump(mode="json"))
    else:
        write = markdown if asked.is_markdown else plain_text
        sys.stdout.write(write(shown, settings.main.checklists))


def _of_section(section: str, items: tuple[Item[Any], ...], verdicts: dict[str, Verdict]) -> dict[str, Verdict]:
    return {item.name: verdicts[item.name] for item in items if item.section == section}


def _refuse_stranger(checklist: Checklist, asked: _Asked) -> None:
    known = CHECKLIST_SECTIONS[checklist]
    if asked.section is not None and asked.section not in known:
        raise UsageError(f"the {checklist} list has no section {asked.section}; use one of {', '.join(known)}")
    if asked.is_json and asked.is_markdown:
        raise UsageError("--json and --markdown exclude each other; use one of them")
