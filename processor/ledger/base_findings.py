"""Remember what a check said of a base commit, so that it is asked once."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from processor.ledger.connection import Ledger
from processor.ledger.schema import base_findings
from processor.model import Finding, FindingState


@dataclass(frozen=True)
class LedgerBaseFindings:
    """The gate's memory, shared by all hosts."""

    ledger: Ledger
    clock: Callable[[], float]

    def get(self, repository: str, base_commit: str, check: str) -> tuple[Finding, ...] | None:
        """Read what a check said; None when it was never asked."""
        with self.ledger.read() as db:
            text = db.execute(
                select(base_findings.c.findings).where(
                    base_findings.c.repository == repository,
                    base_findings.c.base_commit == base_commit,
                    base_findings.c.check_identity == check,
                )
            ).scalar()
        if text is None:
            return None
        return tuple(Finding(**{**item, "state": FindingState(item["state"])}) for item in json.loads(text))

    def put(self, repository: str, base_commit: str, check: str, findings: tuple[Finding, ...]) -> None:
        """Keep what a check said; the last word wins."""
        key = {"repository": repository, "base_commit": base_commit, "check_identity": check}
        with self.ledger.write() as db:
            db.execute(delete(base_findings).where(*(base_findings.c[name] == value for name, value in key.items())))
            db.execute(
                insert(base_findings).values(
                    **key,
                    findings=json.dumps([finding.__dict__ for finding in findings]),
                    stored_at=self.clock(),
                )
            )


def count(db: Connection) -> int:
    """Tell how many answers are remembered."""
    return db.execute(select(func.count()).select_from(base_findings)).scalar_one()
