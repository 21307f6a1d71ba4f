"""What the reports have to say of a stretch of time, asked of the ledger in plain SQL, apart from our own queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

PROCESSED = "outcome <> 'cancelled'"
FAILED = "outcome IN ('error', 'timeout')"
_ENDED = "finished_at >= :start AND finished_at < :end AND NOT is_dry_run"
_WORKED = "finished_at - started_at"


@dataclass(frozen=True)
class LedgerSums:
    """The runs that ended from `start` to before `end`, in seconds of the epoch."""

    db: Connection
    start: float
    end: float

    def count(self, condition: str = PROCESSED) -> float:
        return float(self._one("count(*)", condition))

    def success_rate(self, condition: str = "true") -> float | None:
        processed = self.count(f"{PROCESSED} AND {condition}")
        return self.count(f"outcome = 'success' AND {condition}") / processed if processed else None

    def mean_seconds(self) -> float | None:
        return self.work_seconds() / self.count() if self.count() else None

    def longest_seconds(self) -> float | None:
        return self._one(f"max({_WORKED})")

    def by(self, column: str, condition: str = "true") -> dict[str, float]:
        """Count by a column; values that did not occur are left out."""
        rows = self.rows(f"{column}, count(*)", condition, rest=f"GROUP BY {column}")
        return {name: float(count) for name, count in rows}

    def by_hour(self, zone: ZoneInfo) -> dict[tuple[str, str], float]:
        """Count by the hour on the clock, `00` to `23`, and outcome."""
        ended = self.rows("finished_at, outcome", "true")
        hours = Counter((f"{datetime.fromtimestamp(at, zone):%H}", outcome) for at, outcome in ended)
        return {key: float(count) for key, count in hours.items()}

    def work_seconds(self) -> float:
        return self._one(f"total({_WORKED})")

    def bands(self) -> dict[str, float]:
        """Count the processed runs by how long the work took."""
        limits = {"fast": f"{_WORKED} < 60", "medium": f"{_WORKED} BETWEEN 60 AND 300", "slow": f"{_WORKED} > 300"}
        return {band: self.count(f"{PROCESSED} AND {limit}") for band, limit in limits.items()}

    def phase_seconds(self) -> dict[str, float]:
        """Add up the time in each phase of the processed runs."""
        columns = "phases.phase, sum(phases.ended_at - phases.started_at)"
        return dict(self.rows(columns, PROCESSED, "phases JOIN runs USING (run_id)", "GROUP BY phases.phase"))

    def cost_dollars(self) -> float:
        ((dollars,),) = self.rows("total(cost_dollars)", "true", "usage JOIN runs USING (run_id)")
        return float(dollars)

    def pull_requests(self) -> dict[str, float]:
        """Count those that people merged or closed by then."""
        ends = {"merged": "merged_at", "closed": "closed_at"}
        return {state: self._began("pull_requests", end, f"state = '{state}'") for state, end in ends.items()}

    def incidents(self, condition: str) -> float:
        """Count the alerts that began to fire."""
        return self._began("alert_incidents", "starts_at", condition)

    def alerts(self) -> dict[str, float]:
        """Count those by name."""
        span = "starts_at >= :start AND starts_at < :end"
        return dict(self.asked(f"SELECT alert, count(*) FROM alert_incidents WHERE {span} GROUP BY alert"))  # noqa: S608

    def _began(self, table: str, column: str, condition: str) -> float:
        span = f"{column} >= :start AND {column} < :end"
        ((count,),) = self.asked(f"SELECT count(*) FROM {table} WHERE {span} AND {condition}")  # noqa: S608 - our words
        return float(count)

    def _one(self, what: str, condition: str = PROCESSED) -> Any:
        ((value,),) = self.rows(what, condition)
        return value

    def rows(self, columns: str, condition: str, source: str = "runs", rest: str = "") -> list[tuple[Any, ...]]:
        return self.asked(f"SELECT {columns} FROM {source} WHERE {_ENDED} AND {condition} {rest}")  # noqa: S608 - our words

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.db.execute(text(query), {"start": self.start, "end": self.end})]
