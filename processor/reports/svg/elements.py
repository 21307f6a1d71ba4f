"""The few elements that drawings are made of, and a frame with a scale."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

WIDTH = 720.0
_TICKS = 4


@dataclass(frozen=True)
class Frame:
    """Where values are drawn: from 0 at the bottom to `top` at the top."""

    top: float
    height: float = 150.0
    left: float = 42.0
    right: float = WIDTH - 6
    above: float = 12.0

    @property
    def bottom(self) -> float:
        """The line of 0."""
        return self.above + self.height

    def y(self, value: float) -> float:
        """Tell where a value lies."""
        return self.bottom - self.height * value / self.top

    def slot(self, place: int, count: int) -> tuple[float, float]:
        """Give the left edge and the width of one of so many places side by side."""
        width = (self.right - self.left) / count
        return self.left + place * width, width


def nice_top(largest: float) -> float:
    """Give the end of a scale that holds the value, such that four ticks are round numbers."""
    if largest <= _TICKS:
        return float(_TICKS)
    step = largest / _TICKS
    unit = 10.0 ** math.floor(math.log10(step))
    return _TICKS * next(
        unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= step and _is_whole(unit, factor)
    )


def _is_whole(unit: float, factor: float) -> bool:
    return float(unit * factor).is_integer()


def scale(frame: Frame, unit: str = "") -> str:
    """Draw four lines across, each with its value."""
    parts = []
    for tick in range(_TICKS + 1):
        value = frame.top * tick / _TICKS
        y = number(frame.y(value))
        kind = "axis" if tick == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{number(frame.left)}" x2="{number(frame.right)}" y1="{y}" y2="{y}"/>')
        parts.append(text(frame.left - 5, frame.y(value) + 3.5, f"{value:g}{unit}", "end"))
    return "".join(parts)


def names(frame: Frame, categories: tuple[str, ...]) -> str:
    """Write the categories below, as many as have room."""
    count = len(categories)
    every = max(1, math.ceil(count * max(map(len, categories)) * 7.5 / (frame.right - frame.left)))
    parts = []
    for place, name in enumerate(categories):
        left, width = frame.slot(place, count)
        if place % every == 0:
            parts.append(text(left + width / 2, frame.bottom + 15, name, "middle"))
    return "".join(parts)


def legend(entries: Iterable[tuple[str, str]], y: float, left: float = 42.0) -> str:
    """Write what each colour means, side by side."""
    parts, x = [], left
    for name, tone in entries:
        parts.append(f'<rect class="fill {tone}" x="{number(x)}" y="{number(y - 8)}" width="10" height="10" rx="2"/>')
        parts.append(text(x + 15, y + 1, name, "start"))
        x += 15 + _letters(name) + 18
    return "".join(parts)


def text(x: float, y: float, words: str, anchor: str) -> str:
    """Write words at a place; `anchor` is start, middle or end."""
    return f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def picture(title: str, height: float, parts: Iterable[str]) -> str:
    """Put parts into a drawing that is as wide as its place."""
    name = escape(title, quote=True)
    body = "".join(parts)
    return (
        f'<svg viewBox="0 0 {number(WIDTH)} {number(height)}" width="100%" role="img" aria-label="{name}" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )


def number(value: float) -> str:
    """Write a coordinate, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def _letters(name: str) -> float:
    """Reckon how wide a text is; a Japanese letter is about twice as wide."""
    return sum(11.5 if ord(letter) > 0x2E7F else 6.4 for letter in name)
