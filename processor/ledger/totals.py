"""Add to the never-reset totals, inside the transaction that records what is counted."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, Executable, func

from processor.ledger.families import BUCKETS
from processor.ledger.schema import totals

_EXEMPLAR = ("exemplar_run", "exemplar_value", "exemplar_at")


@dataclass(frozen=True)
class Exemplar:
    """The run that an observation belongs to, for a link from a bucket to a log."""

    run_id: str
    at: float


def add(db: Connection, family: str, labels: Mapping[str, str], amount: float = 1) -> None:
    """Raise one counter."""
    _raise(db, [_part(family, labels, "", amount)])


def add_each(db: Connection, family: str, amounts: Iterable[tuple[Mapping[str, str], float]]) -> None:
    """Raise several counters of a family."""
    _raise(db, [_part(family, labels, "", amount) for labels, amount in amounts])


def observe(
    db: Connection,
    family: str,
    labels: Mapping[str, str],
    value: float,
    exemplar: Exemplar | None = None,
    *,
    times: int = 1,
) -> None:
    """Record one observation: its bucket (not cumulative here) and the sum; `times` of -1 takes one back."""
    bounds = BUCKETS[family]
    position = bisect_left(bounds, value)
    bound = "+Inf" if position == len(bounds) else f"{bounds[position]:g}"
    bucket = _part(family, labels, f"le:{bound}", times)
    if exemplar is not None:
        bucket |= {"exemplar_run": exemplar.run_id, "exemplar_value": value, "exemplar_at": exemplar.at}
    _raise(db, [bucket, _part(family, labels, "sum", times * value)])


def canonical(labels: Mapping[str, str]) -> str:
    """Write labels so that the same ones are always the same text."""
    return json.dumps(dict(sorted(labels.items())), separators=(",", ":"), ensure_ascii=False)


def _part(family: str, labels: Mapping[str, str], part: str, amount: float) -> dict[str, object]:
    key = {"family": family, "labels": canonical(labels), "part": part}
    return {**key, "value": amount, **dict.fromkeys(_EXEMPLAR)}


def _raise(db: Connection, parts: Sequence[Mapping[str, object]]) -> None:
    if parts:
        db.execute(_raising(db.dialect.name), list(parts))


@cache
def _raising(dialect: str) -> Executable:
    # Built once: making a statement takes longer than running it, and every run raises dozens of totals.
    from sqlalchemy.dialects import postgresql, sqlite  # noqa: PLC0415  # 3 MB that those who only read go without

    new = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(totals)
    kept = {name: func.coalesce(new.excluded[name], totals.c[name]) for name in _EXEMPLAR}
    return new.on_conflict_do_update(
        index_elements=["family", "labels", "part"], set_={"value": totals.c.value + new.excluded.value, **kept}
    )
