"""Read what was taken over from the original system. Nothing else reads it, so no number of ours holds any of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from processor.ledger.schema import imported_records, imported_runs

_AT: Final = func.coalesce(imported_runs.c.finished_at, imported_runs.c.started_at)
_STANDS: Final = imported_runs.c.same_as.is_(None)


@dataclass(frozen=True, kw_only=True)
class ImportSummary:
    """How many runs were taken over by what was claimed and by what GitHub shows, and other records by kind."""

    runs: Mapping[str, int]
    verdicts: Mapping[str, int]
    records: Mapping[str, int]
    counted: int


def import_summary(db: Connection) -> ImportSummary:
    """Sum up; a run that several files tell of counts once."""
    return ImportSummary(
        runs=_counts(db, imported_runs.c.claimed, _STANDS),
        verdicts=_counts(db, imported_runs.c.verdict, _STANDS, imported_runs.c.verdict.is_not(None)),
        records=_counts(db, imported_records.c.kind),
        counted=db.execute(
            select(func.count()).select_from(imported_runs).where(imported_runs.c.counted_at.is_not(None))
        ).scalar_one(),
    )


def imported_runs_listed(db: Connection, limit: int) -> tuple[dict[str, Any], ...]:
    """Read the runs that were taken over, the newest first; each once."""
    rows = db.execute(select(imported_runs).where(_STANDS).order_by(_AT.desc(), imported_runs.c.identity).limit(limit))
    return tuple(dict(row._mapping) for row in rows)  # SQLAlchemy's documented name


def imported_records_listed(db: Connection, kind: str, limit: int) -> tuple[dict[str, Any], ...]:
    """Read the records of a kind, the newest first."""
    wanted = select(imported_records).where(imported_records.c.kind == kind)
    rows = db.execute(wanted.order_by(imported_records.c.at.desc(), imported_records.c.identity).limit(limit))
    return tuple(dict(row._mapping) for row in rows)  # SQLAlchemy's documented name


def _counts(db: Connection, by: Any, *where: Any) -> dict[str, int]:
    rows = db.execute(select(by, func.count()).where(*where).group_by(by).order_by(by))
    return {str(name): count for name, count in rows}
