"""Lines over time on a scale from 0 to 100 percent."""

from collections.abc import Iterator
from html import escape

from processor.reports.page import Lines, Series
from processor.reports.svg.elements import Frame, legend, names, number, picture, scale, text


def draw_lines(drawing: Lines, title: str) -> str:
    """Draw a line for each series; where a value is missing it is broken."""
    if not any(value is not None for one in drawing.series for value in one.values):
        return ""
    frame = Frame(100.0)
    parts = [scale(frame, "%")]
    for limit in drawing.limits:
        y = number(frame.y(limit.value))
        parts.append(
            f'<line class="limit {limit.tone}" x1="{number(frame.left)}" x2="{number(frame.right)}" y1="{y}" y2="{y}"/>'
        )
    for one in drawing.series:
        parts += _line(frame, drawing, one)
    parts.append(names(frame, drawing.categories))
    entries = [(one.name, one.tone) for one in drawing.series] + [(one.name, one.tone) for one in drawing.limits]
    parts.append(legend(entries, frame.bottom + 36))
    return picture(title, frame.bottom + 44, parts)


def _line(frame: Frame, drawing: Lines, series: Series) -> Iterator[str]:
    count = len(drawing.categories)
    path, is_joined = [], False
    marks = []
    for place, value in enumerate(series.values):
        if value is None:
            is_joined = False
            continue
        left, width = frame.slot(place, count)
        x, y = left + width / 2, frame.y(value)
        path.append(f"{'L' if is_joined else 'M'}{number(x)} {number(y)}")
        is_joined = True
        hint = escape(f"{drawing.categories[place]}: {value:g}%")
        place_of_mark = f'cx="{number(x)}" cy="{number(y)}" r="3.5"'
        marks.append(f'<circle class="fill {series.tone}" {place_of_mark}><title>{hint}</title></circle>')
        # Beside the mark where there is room: above it, or below near the top.
        marks.append(text(x, y - 8 if value < 92 else y + 16, f"{value:.0f}%", "middle"))
    yield f'<path class="line {series.tone}" d="{"".join(path)}"/>'
    yield from marks
