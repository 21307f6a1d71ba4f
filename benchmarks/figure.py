"""One line of the result."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, its value with unit, and the target; `is_met` is None where there is no target."""

    what: str
    measured: str
    target: str = ""
    is_met: bool | None = None
