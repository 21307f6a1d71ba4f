"""A report as one HTML file that needs nothing else: style and drawings are inside it, no script, no address."""

import re
from functools import cache
from html import escape
from importlib import resources

from processor.reports.page import Advices, Block, Cell, Chart, Figure, Figures, Link, Page, Section, Table
from processor.reports.svg import draw

_COMMAND = re.compile(r"`([^`]+)`")


def html(page: Page) -> str:
    """Write the page."""
    sections = "".join(map(_section, page.sections))
    title = escape(page.title)
    return (
        f'<!doctype html>\n<html lang="{page.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_style()}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{title}</h1>\n<p class="soft">{escape(page.subtitle)}</p>\n{sections}'
        f'<p class="soft">{escape(page.closing)}</p>\n</main>\n</body>\n</html>\n'
    )


@cache
def _style() -> str:
    text = (resources.files("processor.reports.formats") / "report.css").read_text(encoding="utf-8")
    return "\n" + text.partition("*/\n")[2]


def _section(section: Section) -> str:
    return f"<section>\n<h2>{escape(section.title)}</h2>\n{''.join(map(_block, section.blocks))}</section>\n"


def _block(block: Block) -> str:
    if isinstance(block, Figures):
        return f'<div class="figures">{"".join(map(_figure, block.items))}</div>\n'
    if isinstance(block, Advices):
        return _advices(block)
    return _chart(block) if isinstance(block, Chart) else _table(block)


def _figure(one: Figure) -> str:
    remark = f"<span>{escape(one.remark)}</span>" if one.remark else ""
    return (
        f'<div class="figure"><span>{escape(one.label)}</span>'
        f'<b class="{one.tone}">{escape(one.value)}</b>{remark}</div>'
    )


def _advices(block: Advices) -> str:
    if not block.items:
        return f"<p>{escape(block.none)}</p>\n"
    return "".join(
        f'<div class="advice {one.tone}"><p class="kind">{escape(one.kind)}</p>'
        f"<p><b>{escape(one.message)}</b></p><p>{with_commands(one.action)}</p></div>\n"
        for one in block.items
    )


def with_commands(text: str) -> str:
    """Write a text in which commands stand between backquotes."""
    return _COMMAND.sub(r"<code>\1</code>", escape(text))


def _chart(chart: Chart) -> str:
    drawn = draw(chart.drawing, chart.title) or f'<p class="soft">{escape(chart.empty)}</p>'
    return f"<figure><figcaption>{escape(chart.title)}</figcaption>{drawn}</figure>\n"


def _table(table: Table) -> str:
    if not table.rows:
        return f'<p class="soft">{escape(table.headings[0])}: {escape(table.empty)}</p>\n'
    head = "".join(_cell("th", place, name, table) for place, name in enumerate(table.headings))
    rows = "".join(
        f"<tr>{''.join(_cell('td', place, cell, table) for place, cell in enumerate(row))}</tr>\n" for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>\n"


def _cell(tag: str, place: int, cell: Cell, table: Table) -> str:
    kind = ' class="text"' if place < table.texts else ""
    return f"<{tag}{kind}>{_content(cell)}</{tag}>"


def _content(cell: Cell) -> str:
    if isinstance(cell, Link) and cell.url.startswith(("https://", "http://")):
        return f'<a href="{escape(cell.url, quote=True)}">{escape(cell.text)}</a>'
    return escape(cell.text if isinstance(cell, Link) else cell)
