"""A report as Markdown, for an issue, a wiki or a chat."""

import re
from collections.abc import Iterator

from processor.reports.page import Advices, Block, Cell, Chart, Figures, Link, Page, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#])")


def markdown(page: Page) -> str:
    """Write the page in GitHub's Markdown; texts of others are shown as they are, never obeyed."""
    lines = [f"# {_plain(page.title)}", "", _plain(page.subtitle)]
    for section in page.sections:
        lines += ["", f"## {_plain(section.title)}"]
        for block in section.blocks:
            lines += ["", *_lines(block)] if not _is_silent(block) else []
    return "\n".join([*lines, "", _plain(page.closing)]).rstrip() + "\n"


def _is_silent(block: Block) -> bool:
    return isinstance(block, Chart) and block.table is None


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Figures):
        yield from (
            f"- {_plain(one.label)}: **{_plain(one.value)}**{f' ({_plain(one.remark)})' if one.remark else ''}"
            for one in block.items
        )
    elif isinstance(block, Advices):
        for advice in block.items:
            yield f"- **{_plain(advice.kind)}** {_plain(advice.message)}  "
            yield f"  → {_plain(advice.action)}"
        if not block.items:
            yield _plain(block.none)
    elif isinstance(block, Chart):
        yield f"**{_plain(block.title)}**"
        yield ""
        yield from _table(block.table) if block.table is not None else ()
    else:
        yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f"{_plain(table.headings[0])}: {_plain(table.empty)}"
        return
    yield _row(table.headings)
    yield f"|{'|'.join('---' if place < table.texts else '--:' for place in range(len(table.headings)))}|"
    yield from (_row(row) for row in table.rows)


def _row(cells: tuple[Cell, ...]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(cell: Cell) -> str:
    return f"[{_plain(cell.text)}](<{cell.url}>)" if isinstance(cell, Link) else _plain(cell)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
