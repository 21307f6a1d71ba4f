"""How much work may be under way at once, and of which priorities."""

from dataclasses import dataclass
from typing import Literal

from processor.model import Priority


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """A level of capacity: what it lets start.

    An issue that capacity holds back is not skipped: it waits in the backlog. `parallel` is a number of runs per host.
    """

    level: Literal["low", "medium", "high"]
    parallel: int
    priorities: frozenset[Priority]


MEDIUM = Capacity(level="medium", parallel=3, priorities=frozenset(Priority))
"""The level in force while levels cannot be switched.

The handbook's medium level takes critical and high issues only. With one fixed level that would leave the others,
among them every issue without a priority label, waiting for ever; so this one takes all four, in their order.
"""


def may_start(priority: Priority, capacity: Capacity) -> bool:
    """Tell whether capacity lets an issue of this priority start; the number of free places is the caller's matter."""
    return priority in capacity.priorities
