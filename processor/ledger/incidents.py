"""Write what Alertmanager tells: one incident per firing of an alert, however often it is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from processor.ledger.schema import alert_incidents
from processor.ledger.totals import canonical


class AlertStatus(StrEnum):
    """What Alertmanager says of an alert."""

    FIRING = "firing"
    RESOLVED = "resolved"


class Change(StrEnum):
    """What a notice did to the history."""

    OPENED = "opened"
    CLOSED = "closed"
    NONE = "none"  #: it was told before


@dataclass(frozen=True, kw_only=True)
class AlertNotice:
    """One alert of a notification.

    Times are seconds since the epoch; `ends_at` is None while the alert fires; `severity` is empty when it has none.
    """

    fingerprint: str
    alert: str
    severity: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    status: AlertStatus
    starts_at: float
    ends_at: float | None


def record(db: Connection, notice: AlertNotice, now: float) -> Change:
    """Record a notice.

    The key is fingerprint and start, because Alertmanager repeats itself. The last word wins: an alert that
    Alertmanager lost sight of and saw again fires on from the same start, and is opened again.
    """
    key = (alert_incidents.c.fingerprint == notice.fingerprint, alert_incidents.c.starts_at == notice.starts_at)
    told = {
        "annotations": canonical(notice.annotations),
        "ends_at": notice.ends_at,
        "last_status": notice.status,
        "last_received_at": now,
    }
    known = db.execute(select(alert_incidents.c.notifications, alert_incidents.c.last_status).where(*key)).first()
    if known is not None:
        db.execute(update(alert_incidents).where(*key).values(**told, notifications=known.notifications + 1))
        return Change.NONE if known.last_status == notice.status else _change_to(notice.status)
    db.execute(
        insert(alert_incidents).values(
            **told,
            fingerprint=notice.fingerprint,
            starts_at=notice.starts_at,
            alert=notice.alert,
            severity=notice.severity,
            labels=canonical(notice.labels),
            received_at=now,
            notifications=1,
        )
    )
    return _change_to(notice.status)


def _change_to(status: AlertStatus) -> Change:
    return Change.OPENED if status is AlertStatus.FIRING else Change.CLOSED
