"""Small drawings as SVG text: columns, lines and bars. Pure; colours come from the page's style by class."""

from processor.reports.page import Bars, Columns, Lines
from processor.reports.svg.bars import draw_bars
from processor.reports.svg.columns import draw_columns
from processor.reports.svg.lines import draw_lines


def draw(drawing: Columns | Lines | Bars, title: str) -> str:
    """Draw; empty where there is nothing to draw."""
    if isinstance(drawing, Columns):
        return draw_columns(drawing, title)
    return draw_lines(drawing, title) if isinstance(drawing, Lines) else draw_bars(drawing, title)


__all__ = ["draw"]
