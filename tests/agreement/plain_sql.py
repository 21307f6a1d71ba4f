"""What the reports and the exporter have to say, asked of the ledger in plain SQL, apart from our own queries.

The statements are understood by SQLite and PostgreSQL alike.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

PROCESSED = "outcome <> 'cancelled'"
FAILED = "outcome IN ('error', 'timeout')"
COUNTED = "NOT is_dry_run AND NOT is_canary"
_ENDED = f"finished_at >= :start AND finished_at < :end AND {COUNTED}"
#: Nothing takes less than no time, whatever the clocks of two hosts say; a run that never began took none.
WORKED = "CASE WHEN started_at < finished_at THEN finished_at - started_at ELSE 0.0 END"
PHASE = "CASE WHEN phases.started_at < phases.ended_at THEN phases.ended_at - phases.started_at ELSE 0.0 END"


def rows(db: Connection, query: str, **bounds: float) -> list[tuple[Any, ...]]:
    """Ask for rows."""
    return [tuple(row) for row in db.execute(text(query), bounds)]


@dataclass(frozen=True)
class PlainSums:
    """What ended, or began, from `start` to before `end`, in seconds of the epoch."""

    db: Connection
    start: float
    end: float

    def runs(self, *by: str, condition: str = "true") -> dict[Any, int]:
        """Count the runs by columns."""
        return self._counted("runs", f"{_ENDED} AND {condition}", *by)

    def work(self) -> tuple[float, float | None, float | None]:
        """Give sum, mean and maximum of the time of work."""
        wanted = f"coalesce(sum({WORKED}), 0.0), avg({WORKED}), max({WORKED})"
        ((total, mean, longest),) = self._asked(wanted, "runs", f"{_ENDED} AND {PROCESSED}")
        return total, mean, longest

    def bands(self) -> dict[str, int]:
        """Count the processed runs by how long the work took."""
        limits = {"fast": f"{WORKED} < 60", "medium": f"{WORKED} BETWEEN 60 AND 300", "slow": f"{WORKED} > 300"}
        counts = {band: self.runs("outcome", condition=f"{PROCESSED} AND {limit}") for band, limit in limits.items()}
        return {band: sum(found.values()) for band, found in counts.items()}

    def longest(self) -> list[tuple[Any, ...]]:
        """List the five processed runs that took longest, with their seconds; those that never began are none."""
        began = f"{_ENDED} AND {PROCESSED} AND started_at IS NOT NULL"
        return self._asked(f"run_id, {WORKED}", "runs", began, "ORDER BY 2 DESC, run_id LIMIT 5")

    def phases(self) -> dict[str, float]:
        """Add up the time in each phase of the processed runs."""
        wanted, source = f"phases.phase, sum({PHASE})", "phases JOIN runs ON runs.run_id = phases.run_id"
        return dict(self._asked(wanted, source, f"{_ENDED} AND {PROCESSED} AND ended_at IS NOT NULL", "GROUP BY 1"))

    def by_hour(self, zone: ZoneInfo) -> dict[tuple[str, str], int]:
        """Count by the hour on the clock, `0` to `23`, and outcome."""
        ended = self._asked("finished_at, outcome", "runs", _ENDED)
        return dict(Counter((str(datetime.fromtimestamp(int(at), zone).hour), outcome) for at, outcome in ended))

    def spent(self, column: str) -> float | None:
        """Add up a column of what agents reported; None when none reported it."""
        source = "usage JOIN runs ON runs.run_id = usage.run_id"
        ((spent,),) = self._asked(f"sum({column})", source, f"{_ENDED} AND {column} IS NOT NULL")
        return spent

    def tokens_read(self) -> float | None:
        """Add up what went into agents, cached or not; None when none reported any of it."""
        parts = [self.spent(f"{name}_tokens") for name in ("input", "cache_read", "cache_write")]
        known = [part for part in parts if part is not None]
        return sum(known) if known else None

    def opened(self) -> int:
        """Count the pull requests that were opened."""
        return sum(self._counted("pull_requests", "created_at >= :start AND created_at < :end", "repository").values())

    def closed(self) -> dict[str, int]:
        """Count those that people merged, or closed for the last time; what was merged is not closed."""
        spans = {
            "merged": "merged_at >= :start AND merged_at < :end",
            "closed": "closed_at >= :start AND closed_at < :end AND merged_at IS NULL",
        }
        counts = {result: self._counted("pull_requests", span, "repository") for result, span in spans.items()}
        return {result: sum(found.values()) for result, found in counts.items()}

    def incidents(self, by: str) -> dict[Any, int]:
        """Count the alerts that began to fire; the Watchdog always does."""
        return self._counted("alert_incidents", "starts_at >= :start AND starts_at < :end AND alert <> 'Watchdog'", by)

    def _counted(self, source: str, where: str, *by: str) -> dict[Any, int]:
        columns = ", ".join(by)
        found = self._asked(f"{columns}, count(*)", source, where, f"GROUP BY {columns}")
        return {key[0] if len(by) == 1 else tuple(key): count for *key, count in found}

    def _asked(self, columns: str, source: str, where: str, rest: str = "") -> list[tuple[Any, ...]]:
        query = f"SELECT {columns} FROM {source} WHERE {where} {rest}"  # noqa: S608 - our words
        return rows(self.db, query, start=self.start, end=self.end)


def made_at(db: Connection) -> float:
    """Tell when the ledger was made, whatever happened to its totals since."""
    found = dict(rows(db, "SELECT key, value FROM facts WHERE key IN ('born_at', 'made_at')"))
    return float(found.get("made_at", found["born_at"]))
