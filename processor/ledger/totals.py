"""Add to the never-reset totals, inside the transaction that records what is counted."""

import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from processor.ledger.families import BUCKETS
from processor.ledger.schema import totals


@dataclass(frozen=True)
class Exemplar:
    """The run that an observation belongs to, for a link from a bucket to a log."""

    run_id: str
    at: float


def add(db: Connection, family: str, labels: Mapping[str, str], amount: float = 1) -> None:
    """Raise one counter."""
    _add_part(db, {"family": family, "labels": canonical(labels), "part": ""}, amount, {})


def observe(
    db: Connection, family: str, labels: Mapping[str, str], value: float, exemplar: Exemplar | None = None
) -> None:
    """Record one observation: its bucket (not cumulative here) and the sum."""
    bounds = BUCKETS[family]
    position = bisect_left(bounds, value)
    bound = "+Inf" if position == len(bounds) else f"{bounds[position]:g}"
    series = {"family": family, "labels": canonical(labels)}
    seen = (
        {}
        if exemplar is None
        else {"exemplar_run": exemplar.run_id, "exemplar_value": value, "exemplar_at": exemplar.at}
    )
    _add_part(db, {**series, "part": f"le:{bound}"}, 1, seen)
    _add_part(db, {**series, "part": "sum"}, value, {})


def canonical(labels: Mapping[str, str]) -> str:
    """Write labels so that the same ones are always the same text."""
    return json.dumps(dict(sorted(labels.items())), separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Total:
    """One stored number of a family."""

    labels: dict[str, str]
    part: str
    value: float
    exemplar_run: str | None
    exemplar_value: float | None
    exemplar_at: float | None


def read(db: Connection, family: str) -> tuple[Total, ...]:
    """Read every stored number of a family; the cost depends on its label sets, not on the number of runs."""
    rows = db.execute(select(totals).where(totals.c.family == family))
    return tuple(
        Total(
            labels=json.loads(row.labels),
            part=row.part,
            value=row.value,
            exemplar_run=row.exemplar_run,
            exemplar_value=row.exemplar_value,
            exemplar_at=row.exemplar_at,
        )
        for row in rows
    )


def _add_part(db: Connection, row: Mapping[str, object], amount: float, seen: Mapping[str, object]) -> None:
    insert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    db.execute(
        insert(totals)
        .values(**row, **seen, value=amount)
        .on_conflict_do_update(
            index_elements=["family", "labels", "part"], set_={"value": totals.c.value + amount, **seen}
        )
    )
