"""Read what GitHub last said of open security alerts."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from processor.ledger.schema import security_alerts


@dataclass(frozen=True)
class SecurityAlertsRecord:
    """The open alerts of a repository and kind by severity; None, with the reason, where GitHub does not say."""

    repository: str
    kind: str
    counts: dict[str, int] | None
    reason: str
    seen_at: float


def security_alerts_seen(db: Connection) -> tuple[SecurityAlertsRecord, ...]:
    """Read GitHub's last word on every repository and kind."""
    rows = db.execute(select(security_alerts).order_by(security_alerts.c.repository, security_alerts.c.kind))
    return tuple(
        SecurityAlertsRecord(
            row.repository,
            row.kind,
            None if row.open_alerts is None else json.loads(row.open_alerts),
            row.reason,
            row.seen_at,
        )
        for row in rows
    )
