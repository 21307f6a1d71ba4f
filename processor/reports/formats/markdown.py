"""A report as Markdown, for an issue, a wiki or a chat."""

import re
from collections.abc import Iterator

from processor.reports.page import Advices, Block, Cell, Chart, Figures, Link, Page, Table

_COMMAND = re.compile(r"(`[^`]+`)")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#])")


def markdown(page: Page) -> str:
    """Write the page in GitHub's Markdown; texts of others are shown as they are, never obeyed."""
    lines = [f"# {plain(page.title)}", "", plain(page.subtitle)]
    for section in page.sections:
        lines += ["", f"## {plain(section.title)}"]
        for block in section.blocks:
            lines += ["", *_lines(block)] if not _is_silent(block) else []
    return "\n".join([*lines, "", plain(page.closing)]).rstrip() + "\n"


def _is_silent(block: Block) -> bool:
    return isinstance(block, Chart) and block.table is None


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Figures):
        yield from (
            f"- {plain(one.label)}: **{plain(one.value)}**{f' ({plain(one.remark)})' if one.remark else ''}"
            for one in block.items
        )
    elif isinstance(block, Advices):
        for advice in block.items:
            yield f"- **{plain(advice.kind)}** {plain(advice.message)}  "
            yield f"  → {with_commands(advice.action)}"
        if not block.items:
            yield plain(block.none)
    elif isinstance(block, Chart):
        yield f"**{plain(block.title)}**"
        yield ""
        yield from _table(block.table) if block.table is not None else ()
    else:
        yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f"{plain(table.headings[0])}: {plain(table.empty)}"
        return
    yield _row(table.headings)
    yield f"|{'|'.join('---' if place < table.texts else '--:' for place in range(len(table.headings)))}|"
    yield from (_row(row) for row in table.rows)


def _row(cells: tuple[Cell, ...]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(cell: Cell) -> str:
    return f"[{plain(cell.text)}](<{cell.url}>)" if isinstance(cell, Link) else plain(cell)


def plain(text: str) -> str:
    """Write a text of others as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def with_commands(text: str) -> str:
    """Write a text in which commands stand between backquotes; what they hold is shown, and is never obeyed either."""
    parts = _COMMAND.split(" ".join(text.split()))
    return "".join(part if _COMMAND.fullmatch(part) else _SPECIAL.sub(r"\\\1", part) for part in parts)
