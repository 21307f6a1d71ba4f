"""Read the never-reset totals: the cost depends on the number of label sets, not on the number of runs."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, select

from processor.ledger.schema import totals

_EVERY = select(totals)
#: More label sets than one ledger has; the same ones come at every reading.
_KEPT_LABELS = 4096


@dataclass(frozen=True)
class Total:
    """One stored number of a family; `part` is empty for a counter, `le:BOUND` or `sum` for a histogram.

    The exemplar is the last run that fell into the bucket, with the observed value and its time.
    """

    labels: Mapping[str, str]
    part: str
    value: float
    exemplar_run: str | None
    exemplar_value: float | None
    exemplar_at: float | None


def totals_of(db: Connection, family: str) -> tuple[Total, ...]:
    """Read every stored number of one family."""
    return tuple(_total(row) for row in db.execute(_EVERY.where(totals.c.family == family)))


def every_total(db: Connection) -> Mapping[str, tuple[Total, ...]]:
    """Read every stored number, by family."""
    found: defaultdict[str, list[Total]] = defaultdict(list)
    for row in db.execute(_EVERY):
        found[row.family].append(_total(row))
    return {family: tuple(parts) for family, parts in found.items()}


def _total(row: Row[Any]) -> Total:
    return Total(_labels(row.labels), row.part, row.value, row.exemplar_run, row.exemplar_value, row.exemplar_at)


@lru_cache(maxsize=_KEPT_LABELS)
def _labels(text: str) -> Mapping[str, str]:
    return MappingProxyType(json.loads(text))
