"""Write a list for people: as plain text for a terminal, and as Markdown for an issue, a wiki or a chat."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from processor.checklists.document import ShownChecklist, ShownItem
from processor.checklists.words import Words
from processor.model import ItemStatus
from processor.reports.formats.markdown import plain, with_commands
from processor.settings.sections import Checklists

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def plain_text(shown: ShownChecklist, times: Checklists) -> str:
    """Write a list in lines; what strangers wrote never steers a terminal."""
    words = Words(shown.language)
    lines = [f"{words('page', 'title', shown.checklist)} {shown.date} ({shown.timezone})"]
    for section, items in groupby(shown.items, lambda one: one.section):
        lines += ["", _heading(words, section, times)]
        for one in items:
            lines.append(f"  [{_mark(words, one)}] {one.title} ({one.item})")
            lines += [f"      {line}" for line in _told(words, one, ZoneInfo(shown.timezone))]
            lines += [f"      {see.text}{f'  {see.url}' if see.url else ''}" for see in one.see]
            lines += [f"      {one.link}"]
    return "\n".join(_UNPRINTABLE.sub("", line) for line in lines) + "\n"


def markdown(shown: ShownChecklist, times: Checklists) -> str:
    """Write a list in GitHub's Markdown, with a box that is ticked where an item is well or signed."""
    words = Words(shown.language)
    lines = [f"# {words('page', 'title', shown.checklist)} {shown.date}"]
    for section, items in groupby(shown.items, lambda one: one.section):
        lines += ["", f"## {plain(_heading(words, section, times))}", ""]
        for one in items:
            box = "x" if one.signed or one.status is ItemStatus.OK else " "
            lines.append(f"- [{box}] [{plain(one.title)}](<{one.link}>) **{plain(_mark(words, one))}**")
            lines += [f"  - {with_commands(line)}" for line in _told(words, one, ZoneInfo(shown.timezone))]
            lines += [
                f"  - [{plain(see.text)}](<{see.url}>)" if see.url else f"  - {plain(see.text)}" for see in one.see
            ]
    return "\n".join(lines) + "\n"


def _heading(words: Words, section: str, times: Checklists) -> str:
    return words("page", "sections", section).format(at=times.time_of(section).removeprefix("0"))


def _mark(words: Words, one: ShownItem) -> str:
    status = words("page", "statuses", one.status)
    return f"{status}: {words('page', 'needs_person')}" if one.needs_person and not one.signed else status


def _told(words: Words, one: ShownItem, zone: ZoneInfo) -> Iterator[str]:
    yield from (words.evidence(piece, zone) for piece in one.evidence)
    if one.reason:
        yield one.reason
    if one.status is not ItemStatus.OK:
        yield words("page", "look").format(what=one.look_at)
    if one.signed:
        at = f"{datetime.fromtimestamp(one.signed.at, zone):%Y-%m-%d %H:%M}"
        yield words("page", "signed").format(by=one.signed.by, at=at, note=one.signed.note).rstrip(": ")
