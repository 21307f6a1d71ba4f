"""A report as plain text, for a terminal and for mail programs that show nothing else."""

import unicodedata
from collections.abc import Iterator

from processor.reports.page import Advices, Bars, Block, Cell, Chart, Figures, Link, Page, Table

_BAR_WIDTH = 24


def plain_text(page: Page) -> str:
    """Write the page; a line is as long as its content needs, about 100 columns at most."""
    lines = [page.title, "=" * width(page.title), page.subtitle]
    for section in page.sections:
        lines += ["", section.title, "-" * width(section.title)]
        told = [found for block in section.blocks if (found := list(_lines(block)))]
        for place, found in enumerate(told):
            lines += [*([""] if place else []), *found]
    return "\n".join([*lines, "", page.closing]).rstrip() + "\n"


def width(text: str) -> int:
    """Tell how many columns of a terminal a text takes; a Japanese letter takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def shown(cell: Cell) -> str:
    """Give the text of a cell."""
    return cell.text if isinstance(cell, Link) else cell


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Figures):
        labels = max(width(one.label) for one in block.items)
        values = max(width(one.value) for one in block.items)
        for one in block.items:
            yield f"{_left(one.label, labels)}  {_left(one.value, values)}  {one.remark}".rstrip()
    elif isinstance(block, Advices):
        for number, advice in enumerate(block.items, start=1):
            yield f"{number}. [{advice.kind}] {advice.message}"
            yield f"   → {advice.action}"
        if not block.items:
            yield block.none
    elif isinstance(block, Chart):
        if block.table is not None:
            yield block.title
            yield from _bars(block.drawing, block.empty) if isinstance(block.drawing, Bars) else _table(block.table)
    else:
        yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f"{table.headings[0]}: {table.empty}"
        return
    rows = [table.headings, *([shown(cell) for cell in row] for row in table.rows)]
    widths = [max(width(row[place]) for row in rows) for place in range(len(table.headings))]
    for row in rows:
        cells = (
            _left(cell, widths[place]) if place < table.texts else _right(cell, widths[place])
            for place, cell in enumerate(row)
        )
        yield "  ".join(cells).rstrip()


def _bars(bars: Bars, empty: str) -> Iterator[str]:
    if not bars.items:
        yield empty
        return
    labels = max(width(one.label) for one in bars.items)
    largest = max(one.value for one in bars.items)
    for one in bars.items:
        drawn = "█" * round(_BAR_WIDTH * one.value / largest) if largest else ""
        yield f"{_left(one.label, labels)}  {_left(drawn, _BAR_WIDTH)}  {one.shown}"


def _left(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _right(text: str, columns: int) -> str:
    return " " * (columns - width(text)) + text
