"""Write what GitHub said of the open security alerts of a repository."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert

from processor.ledger.schema import security_alerts


def note(
    db: Connection, repository: str, kind: str, *, counts: Mapping[str, int] | None, reason: str, now: float
) -> None:
    """Keep GitHub's last word; `counts` is None, with the reason, where it does not say."""
    here = (security_alerts.c.repository == repository, security_alerts.c.kind == kind)
    db.execute(delete(security_alerts).where(*here))
    text = None if counts is None else json.dumps(counts, sort_keys=True)
    db.execute(
        insert(security_alerts).values(repository=repository, kind=kind, open_alerts=text, reason=reason, seen_at=now)
    )
