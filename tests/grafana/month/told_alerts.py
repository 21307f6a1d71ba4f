"""What Alertmanager told the service of in the month, for the history of incidents."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from processor.ledger import incidents
from tests.grafana.month.calendar import BAD, HOUR, at
from tests.grafana.month.scenes import Act

#: Alert, severity, beginning, and hours until its end.
_TOLD = (
    ("AipMemoryUsageHigh", "medium", at("2025-10-22T15:10"), 0.6),
    ("AipProcessingDelay", "medium", at("2025-10-29T11:20"), 1.0),
    ("AipProcessingDelay", "medium", at("2025-10-31T17:05"), 0.5),
    ("AipQueueOldestTooOld", "low", at("2025-11-01T10:40"), 2.0),
    ("AipHighErrorRate", "high", BAD.start + 0.6 * HOUR, 5.0),
    ("AipRecentFailureRatio", "high", BAD.start + 0.9 * HOUR, 4.0),
)


def acts_of_alerts() -> Iterator[tuple[float, Act]]:
    """Give the two notices of each alert with their times."""
    for number, (alert, severity, starts_at, hours) in enumerate(_TOLD):
        began = incidents.AlertNotice(
            fingerprint=f"{number:016x}", alert=alert, severity=severity, labels={"service": "aip"}, annotations={},
            status=incidents.AlertStatus.FIRING, starts_at=starts_at, ends_at=None,
        )  # fmt: skip
        ends_at = starts_at + hours * HOUR
        yield starts_at, partial(_tell, began)
        yield ends_at, partial(_tell, replace(began, status=incidents.AlertStatus.RESOLVED, ends_at=ends_at))


def _tell(notice: incidents.AlertNotice, db: Connection, now: float) -> None:
    incidents.record(db, notice, now)
