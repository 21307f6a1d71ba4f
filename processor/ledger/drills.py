"""Write the last drill of each alert."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from processor.ledger.schema import drills


@dataclass(frozen=True, kw_only=True)
class DrillResult:
    """How the drill of one alert ended.

    `k` is what every duration was divided by; `details` is kept as JSON, such as the seconds of each stage or why it
    failed.
    """

    alert: str
    is_passed: bool
    k: float
    details: Mapping[str, object]


def record(db: Connection, result: DrillResult, now: float) -> None:
    """Record a drill; a failed one leaves the time of the last success as it was."""
    told: dict[str, object] = {
        "last_run_at": now,
        "k": result.k,
        "details": json.dumps(result.details, ensure_ascii=False),
    }
    if result.is_passed:
        told["last_success_at"] = now
    known = db.execute(select(drills.c.alert).where(drills.c.alert == result.alert)).first()
    if known is not None:
        db.execute(update(drills).where(drills.c.alert == result.alert).values(**told))
    else:
        db.execute(insert(drills).values(alert=result.alert, **told))
