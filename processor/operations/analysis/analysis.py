"""What an analysis gathers as it goes, and what it says in the end."""

import heapq
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

from processor.operations.analysis.durations import Distribution, Durations

_PIECE: Final = 20_000


class By(StrEnum):
    """What runs are told apart by."""

    PRIORITY = "priority"
    PHASE = "phase"
    REPOSITORY = "repository"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Longest:
    """One of the longest times. What is not known is empty; `place` is FILE:LINE of a log, `link` a page of GitHub.

    `phase` is empty for a whole run.
    """

    seconds: float
    phase: str = ""
    issue: str = ""
    run_id: str = ""
    link: str = ""
    place: str = ""


@dataclass(frozen=True)
class Analysis:
    """All times, those of each group by name, and the longest first; None and empty when there are no times."""

    overall: Distribution | None
    groups: dict[str, Distribution]
    longest: tuple[Longest, ...]


class Gathering:
    """Takes times one by one and keeps the longest; equal ones stay in the order in which they came."""

    def __init__(self, longest: int) -> None:
        self._durations: defaultdict[str, Durations] = defaultdict(Durations)
        self._pending: defaultdict[str, list[float]] = defaultdict(list)
        self.wanted = longest
        self._heap: list[tuple[float, int, Longest]] = []
        self._came = 0

    @property
    def threshold(self) -> float:
        """What a time must exceed to be among the longest so far."""
        return self._heap[0][0] if self._heap and len(self._heap) == self.wanted else -1.0 if self.wanted else inf

    def add(self, seconds: float, group: str) -> None:
        """Take one time."""
        pending = self._pending[group]
        pending.append(seconds)
        if len(pending) == _PIECE:
            self.add_piece(pending, group)
            del self._pending[group]

    def add_piece(self, seconds: list[float], group: str) -> None:
        """Take many times at once."""
        self._durations[group].add(seconds)

    def add_longest(self, one: Longest) -> None:
        """Keep it as long as it is among the longest."""
        self._came += 1
        entry = (one.seconds, -self._came, one)
        if len(self._heap) < self.wanted:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    def finish(self) -> Analysis:
        """Sum up; nothing can be added any more."""
        for group, pending in self._pending.items():
            self.add_piece(pending, group)
        self._pending.clear()
        groups = {group: found for group, one in sorted(self._durations.items()) if (found := one.distribution())}
        longest = tuple(one for *_, one in sorted(self._heap, reverse=True, key=lambda entry: entry[:2]))
        parts = list(self._durations.values())
        self._durations.clear()
        return Analysis(_together(parts), groups, longest)


def _together(parts: list[Durations]) -> Distribution | None:
    whole = parts.pop() if parts else Durations()
    while parts:
        whole.take(parts.pop())  # let go at once, so that no number is kept twice for long
    return whole.distribution()
