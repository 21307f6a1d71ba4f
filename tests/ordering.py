"""In which order several workers take the tests: long ones first, so that the last minute is full of short ones.

pytest-xdist's `worksteal` gives each worker one piece of the list, and an idle one takes the end of another's piece.
Source: https://pytest-xdist.readthedocs.io/en/stable/distribution.html
"""

from collections.abc import Sequence
from itertools import groupby

#: What shares something dear, the month that Prometheus holds or the server of PostgreSQL, begins with one worker.
_TOGETHER = ("tests/grafana/test_month", "tests/postgresql/")
#: Tests that start programs and wait for them.
_LONG = (
    "tests/acceptance/",
    "tests/engine/",
    "tests/monitoring/",
    "tests/demo/",
    "tests/benchmarks/",
    "tests/agreement/",
)


def dealt(files: Sequence[str], workers: int) -> list[int]:
    """Give the order of the tests, of each of which the file is told, for so many workers."""
    long = _shares([unit for unit in _units(files) if _is_long(files[unit[0]])], workers)
    short = [index for index, file in enumerate(files) if not _is_long(file)]
    order: list[int] = []
    for number, share in enumerate(long):
        rest = max(0, len(files) // workers - len(share)) if number < workers - 1 else len(short)
        order += share + short[:rest]
        del short[:rest]
    return order


def _units(files: Sequence[str]) -> list[list[int]]:
    units = groupby(range(len(files)), key=lambda index: _unit(files[index]))
    return sorted((list(indexes) for _, indexes in units), key=lambda unit: -len(unit))


def _unit(file: str) -> str:
    return next((start for start in _TOGETHER if file.startswith(start)), file)


def _is_long(file: str) -> bool:
    return file.startswith((*_TOGETHER, *_LONG))


def _shares(units: Sequence[Sequence[int]], workers: int) -> list[list[int]]:
    shares: list[list[int]] = [[] for _ in range(workers)]
    for unit in units:
        min(shares, key=len).extend(unit)
    return shares
