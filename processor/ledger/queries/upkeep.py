"""Read what upkeep goes by: backups, totals that moved, which runs are over, which repositories rest."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, case, func, select

from processor.ledger.backups import BackupRecord, list_backups
from processor.ledger.schema import facts, runs
from processor.model import RunState

__all__ = ["BackupRecord", "ended_at", "idle_repositories", "list_backups", "totals_moved_at"]

_ASKED_AT_ONCE: Final = 500
_MOVED_AT: Final = select(facts.c.value).where(facts.c.key == "totals_moved_at")


def totals_moved_at(db: Connection) -> float | None:
    """Tell when a restore or an import last changed totals; None when none ever did."""
    found = db.execute(_MOVED_AT).scalar()
    return None if found is None else float(found)


def ended_at(db: Connection, run_ids: Iterable[str]) -> dict[str, float]:
    """Tell when each of these runs ended; one that is under way, or unknown, is left out."""
    wanted, found = sorted(run_ids), dict[str, float]()
    columns = select(runs.c.run_id, runs.c.finished_at)
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        some = wanted[start : start + _ASKED_AT_ONCE]
        ended = columns.where(runs.c.run_id.in_(some), runs.c.state == RunState.FINISHED)
        found |= {row.run_id: row.finished_at for row in db.execute(ended)}
    return found


def idle_repositories(db: Connection, before: float) -> tuple[str, ...]:
    """List the repositories whose runs are all over since before a time."""
    is_active = case((runs.c.state != RunState.FINISHED, 1), else_=0)
    idle = (
        select(runs.c.repository)
        .group_by(runs.c.repository)
        .having(func.sum(is_active) == 0, func.max(runs.c.finished_at) < before)
        .order_by(runs.c.repository)
    )
    return tuple(db.execute(idle).scalars())
