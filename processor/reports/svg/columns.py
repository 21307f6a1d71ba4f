"""Stacked columns."""

from html import escape

from processor.reports.page import Columns
from processor.reports.svg.elements import Frame, legend, names, nice_top, number, picture, scale


def draw_columns(drawing: Columns, title: str) -> str:
    """Draw a column for each category; a hint on each piece tells its number."""
    count = len(drawing.categories)
    sums = [sum(one.values[place] or 0.0 for one in drawing.series) for place in range(count)]
    if not count or not any(sums):
        return ""
    frame = Frame(nice_top(max(sums)))
    parts = [scale(frame)]
    for place in range(count):
        parts += _column(frame, drawing, place)
    parts.append(names(frame, drawing.categories))
    shown = [one for one in drawing.series if any(one.values)]
    parts.append(legend([(one.name, one.tone) for one in shown], frame.bottom + 36))
    return picture(title, frame.bottom + 44, parts)


def _column(frame: Frame, drawing: Columns, place: int) -> list[str]:
    left, width = frame.slot(place, len(drawing.categories))
    gap = min(10.0, width * 0.18)
    parts, below = [], 0.0
    for one in drawing.series:
        value = one.values[place] or 0.0
        if value:
            top = frame.y(below + value)
            hint = escape(f"{drawing.categories[place]}: {one.name} {value:g}")
            height = frame.y(below) - top
            parts.append(
                f'<rect class="fill {one.tone}" x="{number(left + gap)}" y="{number(top)}" '
                f'width="{number(width - 2 * gap)}" height="{number(height)}"><title>{hint}</title></rect>'
            )
            below += value
    return parts
