"""Read how long the work on processed runs took, one by one; dry runs are left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, literal, select

from processor.ledger.counted import IS_COUNTED
from processor.ledger.schema import phases, runs
from processor.ledger.worked import PHASE_SECONDS, RUN_SECONDS
from processor.model import PROCESSED_OUTCOMES, IssueRef

_GROUPS: Final[dict[str, ColumnElement[str]]] = {
    "": literal(""),
    "priority": runs.c.priority,
    "repository": runs.c.repository,
    # Whatever ended without an error is told by its outcome.
    "error": func.coalesce(runs.c.error_type, runs.c.outcome),
    "phase": phases.c.phase,
}
_AT_ONCE: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class LongWork:
    """A run that took long, or the named one of its phases; `pull_request_url` is None when it opened none."""

    seconds: float
    phase: str
    run_id: str
    ref: IssueRef
    pull_request_url: str | None


def durations(db: Connection, since: float | None, by: str) -> Iterator[tuple[str, list[float]]]:
    """Give seconds, thousands of one group at a time.

    Args:
        since: only runs that ended then or later, in seconds of the epoch; None for all.
        by: `priority`, `repository`, `error` or `phase`, which takes the phases' own times; empty for one group.
    """
    group = _GROUPS[by]
    columns: tuple[ColumnElement[Any], ...] = (group.label("part"), _seconds(by).label("seconds"))
    wanted = _from(select(*columns), since, by).order_by(group)
    for rows in db.execute(wanted, execution_options={"yield_per": _AT_ONCE}).partitions():
        pieces: dict[str, list[float]] = {}
        for part, seconds in rows:
            pieces.setdefault(part, []).append(seconds)
        yield from pieces.items()


def longest_work(db: Connection, since: float | None, by: str, limit: int) -> tuple[LongWork, ...]:
    """Read the runs, or by phase the phases, that took longest, the longest first."""
    columns: tuple[ColumnElement[Any], ...] = (runs.c.run_id, runs.c.repository, runs.c.issue, runs.c.pull_request_url)
    phase = phases.c.phase if by == "phase" else literal("")
    wanted = _from(select(_seconds(by).label("seconds"), phase.label("phase"), *columns), since, by)
    rows = db.execute(wanted.order_by(_seconds(by).desc(), runs.c.run_id).limit(limit))
    return tuple(_long_work(row) for row in rows)


def _seconds(by: str) -> ColumnElement[float]:
    return PHASE_SECONDS if by == "phase" else RUN_SECONDS


def _from(wanted: Select[Any], since: float | None, by: str) -> Select[Any]:
    if by == "phase":
        wanted = wanted.select_from(phases.join(runs, runs.c.run_id == phases.c.run_id))
        wanted = wanted.where(phases.c.ended_at.is_not(None))
    wanted = wanted.where(runs.c.outcome.in_(PROCESSED_OUTCOMES), IS_COUNTED)
    return wanted if since is None else wanted.where(runs.c.finished_at >= since)


def _long_work(row: Row[Any]) -> LongWork:
    return LongWork(
        seconds=row.seconds,
        phase=row.phase,
        run_id=row.run_id,
        ref=IssueRef(row.repository, row.issue),
        pull_request_url=row.pull_request_url,
    )
