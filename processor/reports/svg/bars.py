"""Bars below each other, each with its name before it and its value behind."""

from processor.reports.page import Bars
from processor.reports.svg.elements import WIDTH, number, picture, text

_ROW, _LEFT, _ROOM_FOR_VALUES = 24.0, 150.0, 170.0


def draw_bars(drawing: Bars, title: str) -> str:
    """Draw the bars against the longest."""
    if not drawing.items:
        return ""
    largest = max(one.value for one in drawing.items) or 1.0
    parts = []
    for place, one in enumerate(drawing.items):
        y = 4 + place * _ROW
        length = max(1.0, (WIDTH - _LEFT - _ROOM_FOR_VALUES) * one.value / largest) if one.value else 0.0
        parts.append(text(_LEFT - 10, y + 13, one.label, "end"))
        if length:
            parts.append(
                f'<rect class="fill {one.tone}" x="{number(_LEFT)}" y="{number(y)}" width="{number(length)}" '
                'height="17" rx="2"/>'
            )
        parts.append(text(_LEFT + length + 8, y + 13, one.shown, "start"))
    return picture(title, 8 + len(drawing.items) * _ROW, parts)
