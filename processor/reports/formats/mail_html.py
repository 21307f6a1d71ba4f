"""A report as HTML for mail programs, which drop style sheets and drawings: tables and inline styles alone."""

from html import escape

from processor.reports.formats.html import with_commands
from processor.reports.formats.plain_text import shown
from processor.reports.page import Advices, Bars, Block, Cell, Chart, Figures, Link, Page, Section, Table, Tone

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Hiragino Sans','Noto Sans JP','Yu Gothic',sans-serif"
_SOFT, _EDGE = "#59636e", "#d1d9e0"
_COLOURS = {
    Tone.PLAIN: "#1b1f24",
    Tone.GOOD: "#1a7f37",
    Tone.LOOK: "#9a6700",
    Tone.ACT: "#cf222e",
    Tone.ACT_DARK: "#82071e",
    Tone.UNKNOWN: "#59636e",
    Tone.NEUTRAL: "#0969da",
    Tone.NEUTRAL_LIGHT: "#54aeff",
    Tone.NEUTRAL_DARK: "#0a3b82",
}
_BAR_PIXELS = 220
_SHORT_LETTERS = 24
_LINE = f"border-bottom:1px solid {_EDGE};padding:5px 8px"


def mail_html(page: Page) -> str:
    """Write the page; what the drawings show is there as tables."""
    title = escape(page.title)
    sections = "".join(map(_section, page.sections))
    return (
        f'<!doctype html>\n<html lang="{page.language}">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body style="margin:0;padding:16px;color:{_COLOURS[Tone.PLAIN]};font-size:14px;line-height:1.5;{_FONT}">\n'
        f'<div style="max-width:720px">\n<h1 style="font-size:22px;margin:0 0 4px">{title}</h1>\n'
        f"{_soft(page.subtitle)}{sections}{_soft(page.closing)}</div>\n</body>\n</html>\n"
    )


def _section(section: Section) -> str:
    style = f"font-size:17px;margin:24px 0 8px;padding-bottom:4px;border-bottom:1px solid {_EDGE}"
    return f'<h2 style="{style}">{escape(section.title)}</h2>\n{"".join(map(_block, section.blocks))}'


def _block(block: Block) -> str:
    if isinstance(block, Figures):
        rows = "".join(
            _row((_td(one.label), _td(one.value, f"font-weight:bold;color:{_COLOURS[one.tone]}"), _td(one.remark)))
            for one in block.items
        )
        return _table_of(rows)
    if isinstance(block, Advices):
        return "".join(
            f'<div style="border-left:4px solid {_COLOURS[one.tone]};padding:2px 12px;margin:10px 0">'
            f'<span style="color:{_COLOURS[one.tone]};font-weight:bold">{escape(one.kind)}</span><br>'
            f"<b>{escape(one.message)}</b><br>{with_commands(one.action)}</div>\n"
            for one in block.items
        ) or _soft(block.none)
    return _chart(block) if isinstance(block, Chart) else _table(block)


def _chart(chart: Chart) -> str:
    if chart.table is None:
        return ""
    title = f'<p style="font-weight:bold;margin:12px 0 4px">{escape(chart.title)}</p>\n'
    if not isinstance(chart.drawing, Bars) or not chart.drawing.items:
        return title + _table(chart.table)
    largest = max(one.value for one in chart.drawing.items) or 1.0
    rows = "".join(
        _row((_td(one.label), f'<td style="{_LINE}">{_bar(one.value / largest, one.tone)}</td>', _td(one.shown)))
        for one in chart.drawing.items
    )
    return title + _table_of(rows)


def _bar(share: float, tone: Tone) -> str:
    if not share:
        return ""
    width = max(1, round(_BAR_PIXELS * share))
    return (
        f'<table role="presentation" cellpadding="0" cellspacing="0"><tr><td width="{width}" height="12" '
        f'bgcolor="{_COLOURS[tone]}" style="font-size:1px;line-height:1px">&nbsp;</td></tr></table>'
    )


def _table(table: Table) -> str:
    if not table.rows:
        return _soft(f"{table.headings[0]}: {table.empty}")
    head = "".join(
        f'<th style="{_LINE};color:{_SOFT};text-align:{_side(place, table)}">{escape(name)}</th>'
        for place, name in enumerate(table.headings)
    )
    rows = "".join(
        _row(tuple(_td(_content(cell), f"text-align:{_side(place, table)}{_whole(cell)}", is_html=True)
                   for place, cell in enumerate(row)))
        for row in table.rows
    )  # fmt: skip
    return _table_of(f"<tr>{head}</tr>\n{rows}")


def _side(place: int, table: Table) -> str:
    return "left" if place < table.texts else "right"


def _whole(cell: Cell) -> str:
    """Keep numbers, dates and short names on one line; a long name may be torn apart."""
    return ";white-space:nowrap" if len(shown(cell)) <= _SHORT_LETTERS else ""


def _content(cell: Cell) -> str:
    if isinstance(cell, Link) and cell.url.startswith(("https://", "http://")):
        return f'<a href="{escape(cell.url, quote=True)}">{escape(cell.text)}</a>'
    return escape(shown(cell))


def _td(content: str, style: str = "", *, is_html: bool = False) -> str:
    inner = content if is_html else escape(content)
    return f'<td style="{_LINE}{";" if style else ""}{style}">{inner}</td>'


def _row(cells: tuple[str, ...]) -> str:
    return f"<tr>{''.join(cells)}</tr>\n"


def _table_of(rows: str) -> str:
    return f'<table cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:8px 0">\n{rows}</table>\n'


def _soft(text: str) -> str:
    return f'<p style="color:{_SOFT};margin:8px 0">{escape(text)}</p>\n'
