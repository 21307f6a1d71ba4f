"""Read the incident history and the drills."""

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from processor.ledger.incidents import AlertStatus
from processor.ledger.schema import alert_incidents, drills

_WATCHDOG: Final = "Watchdog"
#: Alertmanager repeats every four hours what still fires; one repetition may be lost. Of what it silences or inhibits
#: it tells nothing, not even the end: an incident that was not heard of for longer may be over or not.
HEARD_FOR_SECONDS: Final = 9 * 3600.0


@dataclass(frozen=True, kw_only=True)
class IncidentRecord:
    """One firing of an alert, as Alertmanager told it. Times are seconds since the epoch.

    `ends_at` is None while it fires; `notifications` counts how often Alertmanager told of it.
    """

    fingerprint: str
    alert: str
    severity: str
    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: float
    ends_at: float | None
    last_status: AlertStatus
    received_at: float
    last_received_at: float
    notifications: int

    def is_unheard(self, now: float) -> bool:
        """Tell whether nobody knows if it goes on, since Alertmanager has not told of it for long."""
        return self.ends_at is None and now - self.last_received_at > HEARD_FOR_SECONDS


def incidents(db: Connection, limit: int, alert: str | None = None, *, offset: int = 0) -> tuple[IncidentRecord, ...]:
    """Read the newest incidents first, of one alert or of all; `offset` leaves out so many of the newest."""
    wanted = select(alert_incidents).order_by(
        alert_incidents.c.starts_at.desc(), alert_incidents.c.received_at.desc(), alert_incidents.c.fingerprint
    )
    if alert is not None:
        wanted = wanted.where(alert_incidents.c.alert == alert)
    rows = db.execute(wanted.limit(limit).offset(offset))
    return tuple(
        IncidentRecord(**_columns(row, "labels", "annotations") | {"last_status": AlertStatus(row.last_status)})
        for row in rows
    )


def count_incidents(db: Connection, alert: str | None = None) -> int:
    """Count the incidents of one alert or of all."""
    wanted = select(func.count()).select_from(alert_incidents)
    return db.execute(wanted if alert is None else wanted.where(alert_incidents.c.alert == alert)).scalar_one()


def incidents_between(db: Connection, start: float, end: float) -> dict[tuple[str, str], int]:
    """Count the incidents that began at or after `start` and before `end`, by alert and severity.

    The Watchdog is none: it always fires, to show that messages come through.
    """
    by = (alert_incidents.c.alert, alert_incidents.c.severity)
    began = (alert_incidents.c.starts_at >= start, alert_incidents.c.starts_at < end)
    counted = select(*by, func.count()).where(*began, alert_incidents.c.alert != _WATCHDOG)
    return {(alert, severity): count for alert, severity, count in db.execute(counted.group_by(*by))}


def firing_alerts(db: Connection, now: float) -> dict[tuple[str, str], int]:
    """Count the incidents that go on, by alert and severity: no Watchdog, and none that is unheard."""
    by = (alert_incidents.c.alert, alert_incidents.c.severity)
    goes_on = (alert_incidents.c.ends_at.is_(None), alert_incidents.c.alert != _WATCHDOG)
    is_heard = alert_incidents.c.last_received_at >= now - HEARD_FOR_SECONDS
    counted = select(*by, func.count()).where(*goes_on, is_heard).group_by(*by)
    return {(alert, severity): count for alert, severity, count in db.execute(counted)}


def watchdog_heard_at(db: Connection) -> float | None:
    """Tell when Alertmanager last told that the Watchdog fires, in seconds since the epoch; None when it never did."""
    goes_on = (alert_incidents.c.ends_at.is_(None), alert_incidents.c.alert == _WATCHDOG)
    heard: float | None = db.execute(select(func.max(alert_incidents.c.last_received_at)).where(*goes_on)).scalar_one()
    return heard


@dataclass(frozen=True, kw_only=True)
class DrillRecord:
    """The last drill of one alert; `last_success_at` is None when no drill of it ever passed."""

    alert: str
    last_run_at: float
    last_success_at: float | None
    k: float
    details: dict[str, Any]


def last_drills(db: Connection) -> tuple[DrillRecord, ...]:
    """Read the last drill of each alert that was ever drilled, by name."""
    rows = db.execute(select(drills).order_by(drills.c.alert))
    return tuple(DrillRecord(**_columns(row, "details")) for row in rows)


def _columns(row: Row[Any], *as_json: str) -> dict[str, Any]:
    columns = dict(row._mapping)  # SQLAlchemy's documented name
    return columns | {name: json.loads(columns[name]) for name in as_json}
