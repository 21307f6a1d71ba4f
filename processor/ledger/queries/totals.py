"""Read the never-reset totals: the cost depends on the number of label sets, not on the number of runs."""

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from processor.ledger.schema import totals

_EVERY = select(totals)
#: More label sets than one ledger has; the same ones come at every reading.
_KEPT_LABELS = 4096


class Total(NamedTuple):
    """One stored number of a family; `part` is empty for a counter, `le:BOUND` or `sum` for a histogram.

    The exemplar is the last run that fell into the bucket, with the observed value and its time.
    A tuple, because hundreds are made at every scrape.
    """

    labels: Mapping[str, str]
    part: str
    value: float
    exemplar_run: str | None
    exemplar_value: float | None
    exemplar_at: float | None


def totals_of(db: Connection, family: str) -> tuple[Total, ...]:
    """Read every stored number of one family."""
    return every_total(db, _EVERY.where(totals.c.family == family)).get(family, ())


def every_total(db: Connection, wanted: Select[Any] = _EVERY) -> Mapping[str, tuple[Total, ...]]:
    """Read every stored number, by family."""
    found: defaultdict[str, list[Total]] = defaultdict(list)
    for family, labels, *rest in db.execute(wanted):
        found[family].append(Total(_labels(labels), *rest))
    return {family: tuple(parts) for family, parts in found.items()}


@lru_cache(maxsize=_KEPT_LABELS)
def _labels(text: str) -> Mapping[str, str]:
    return MappingProxyType(json.loads(text))
