"""What a benchmark gives: one line of the result, with its target where there is one."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured quantity; with several repetitions `value` is their median."""

    what: str
    value: float
    unit: str  #: `×`, `s`, `ms`, `%`, `MB`, or what is counted
    lowest: float
    highest: float
    count: int  #: how often it was measured
    most: float | None = None  #: the target; None for what only explains
    is_strict: bool = False  #: the target itself is missed already

    @property
    def is_met(self) -> bool | None:
        """Tell whether the target is reached; None without one."""
        if self.most is None:
            return None
        return self.value < self.most if self.is_strict else self.value <= self.most

    def cells(self) -> tuple[str, str, str, str, str, str]:
        """Write it as a line of the table: what, median, range, times, target, verdict."""
        extent = f"{_number(self.lowest)} – {_number(self.highest)}" if self.count > 1 else ""
        target = "" if self.most is None else f"{'<' if self.is_strict else '≤'} {self.most:g} {self.unit}"
        verdict = {None: "", True: "met", False: "missed"}[self.is_met]
        return self.what, f"{_number(self.value)} {self.unit}", extent, str(self.count), target, verdict


def _number(value: float) -> str:
    """Three figures say all that a measurement knows."""
    return f"{value:.0f}" if value >= 100 or value == 0 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def once(what: str, value: float, unit: str, *, most: float | None = None, is_strict: bool = False) -> Figure:
    """Give what was measured one time."""
    return Figure(what, value, unit, value, value, 1, most, is_strict)


def spread(what: str, values: Sequence[float], unit: str, *, most: float | None = None) -> Figure:
    """Sum up repetitions: the median, the lowest and the highest."""
    return Figure(what, statistics.median(values), unit, min(values), max(values), len(values), most)
