"""Gather seconds and sum them up: exact to the last digit, at eight bytes each."""

import math
import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from processor.model import FAST_BELOW_SECONDS, SLOW_ABOVE_SECONDS, Band

_P95: Final = 0.95
Bisect = Callable[["array[float]", float, int, int], int]


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """The times of at least one run, in seconds; 95 % of them took no longer than `p95_seconds`, one of them."""

    count: int
    mean_seconds: float
    median_seconds: float
    p95_seconds: float
    longest_seconds: float
    bands: Mapping[Band, int]


class Durations:
    """Keeps every number, in sorted pieces, so that any rank is found without a list of all: Python's own numbers
    would take four times the room.
    """

    def __init__(self) -> None:
        self._numbers = array("d")
        self._ends: list[int] = []
        self._sums: list[float] = []

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, seconds: Iterable[float]) -> None:
        """Take a piece of numbers, none of them negative; thousands at a time, or ranks take long to find."""
        piece = sorted(seconds)
        if piece:
            self._numbers.extend(piece)
            self._ends.append(len(self._numbers))
            self._sums.append(math.fsum(piece))

    def take(self, others: "Durations") -> None:
        """Take the numbers of another gathering."""
        offset = len(self._numbers)
        self._numbers.extend(others._numbers)
        self._ends += [offset + end for end in others._ends]
        self._sums += others._sums

    def distribution(self) -> Distribution | None:
        """Sum up; None without a number."""
        count = len(self._numbers)
        if count == 0:
            return None
        middle = (self._ranked((count + 1) // 2) + self._ranked(count // 2 + 1)) / 2
        fast = self._count_below(FAST_BELOW_SECONDS, bisect_left)
        up_to_medium = self._count_below(SLOW_ABOVE_SECONDS, bisect_right)
        return Distribution(
            count=count,
            mean_seconds=math.fsum(self._sums) / count,
            median_seconds=middle,
            p95_seconds=self._ranked(math.ceil(_P95 * count)),
            longest_seconds=self._ranked(count),
            bands={Band.FAST: fast, Band.MEDIUM: up_to_medium - fast, Band.SLOW: count - up_to_medium},
        )

    def _ranked(self, rank: int) -> float:
        """Find the number of a rank from 1: halve the numbers that a double can be, until one is left."""
        low, high = 0, _as_bits(math.inf)
        while low < high:
            middle = (low + high) // 2
            if self._count_below(_as_number(middle), bisect_right) >= rank:
                high = middle
            else:
                low = middle + 1
        return _as_number(low)

    def _count_below(self, limit: float, bisect: Bisect) -> int:
        start, count = 0, 0
        for end in self._ends:
            count += bisect(self._numbers, limit, start, end) - start
            start = end
        return count


# Doubles that are not negative have the order of their bits.
# Source: IEEE 754-2008, 5.10
def _as_bits(number: float) -> int:
    return int.from_bytes(struct.pack(">d", number))


def _as_number(bits: int) -> float:
    number: float = struct.unpack(">d", bits.to_bytes(8))[0]
    return number
