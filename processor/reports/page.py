"""A report as a page of plain blocks in one language; each format draws the same blocks."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a value or a mark means; the same colours as on the dashboards."""

    PLAIN = "plain"
    GOOD = "good"
    LOOK = "look"
    ACT = "act"
    ACT_DARK = "act-dark"
    UNKNOWN = "unknown"
    NEUTRAL = "neutral"
    NEUTRAL_LIGHT = "neutral-light"
    NEUTRAL_DARK = "neutral-dark"


@dataclass(frozen=True)
class Figure:
    """One number with its name, and what it is held against."""

    label: str
    value: str
    remark: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Figures:
    """Numbers beside each other."""

    items: tuple[Figure, ...]


@dataclass(frozen=True)
class Link:
    """A text that leads somewhere, where the format can."""

    text: str
    url: str


Cell = str | Link


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first `texts` columns are texts, the others numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    texts: int = 1


@dataclass(frozen=True)
class Series:
    """Values of one kind, one for each category; None where there is none."""

    name: str
    tone: Tone
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Columns:
    """Columns beside each other, each of them stacked."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Limit:
    """A line across a drawing."""

    value: float
    name: str
    tone: Tone


@dataclass(frozen=True)
class Lines:
    """Lines over time, in percent; a gap where a value is None."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Bar:
    """One bar with its name and its value as it is written."""

    label: str
    value: float
    shown: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True)
class Bars:
    """Bars below each other."""

    items: tuple[Bar, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing with a title, and the same numbers as a table for formats that do not draw.

    `table` is None where the numbers stand in a table beside it anyway.
    """

    title: str
    drawing: Columns | Lines | Bars
    table: Table | None
    empty: str  #: said where there is nothing to draw


@dataclass(frozen=True)
class Advice:
    """One thing to do, and why."""

    kind: str
    message: str
    action: str
    tone: Tone


@dataclass(frozen=True)
class Advices:
    """What to do; `none` is said where there is nothing."""

    items: tuple[Advice, ...]
    none: str


Block = Figures | Table | Chart | Advices


@dataclass(frozen=True)
class Section:
    """Blocks under a title."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """The whole report."""

    language: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    closing: str
