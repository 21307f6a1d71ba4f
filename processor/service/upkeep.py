"""Upkeep as the service does it: asked for over HTTP, and every night."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from processor.ledger import operators
from processor.ledger.operators import Act
from processor.operations.upkeep.keeping import keep
from processor.operations.upkeep.report import Subject
from processor.pipeline.context import Context
from processor.service.nightly import NightlyDuty
from processor.service.steering_door import actor_over_http
from processor.settings.sections import MainFile

_OF_A_HOST = (Subject.MEMORY, Subject.NETWORK, Subject.DISK)


@dataclass(frozen=True)
class UpkeepDoor:
    """What the route of upkeep reaches."""

    context: Context

    def maintain(self, subject: str, *, dry_run: bool, reason: str, by: str) -> Mapping[str, Any]:
        """Keep a subject up in this service, and tell what was done."""
        done = keep(self.context, Subject(subject), dry_run=dry_run)
        if not dry_run:
            word = Act(actor=actor_over_http(by), action="maintain", target=subject, reason=reason)
            with self.context.ledger.write() as db:
                operators.record(db, word, time.time())
        return {"instance": self.context.instance, **asdict(done)}


def nightly_upkeep(context: Context) -> tuple[NightlyDuty, ...]:
    """Give the duties: what is of a host each service does for itself, the ledger one does for all."""
    return (
        NightlyDuty("database", _clock_time, lambda: _keep(context, (Subject.DATABASE,))),
        NightlyDuty(f"upkeep of {context.instance}", _clock_time, lambda: _keep(context, _OF_A_HOST)),
    )


def _clock_time(main: MainFile) -> str | None:
    return main.upkeep.daily_at if main.upkeep.enabled else None


def _keep(context: Context, subjects: tuple[Subject, ...]) -> Mapping[str, object]:
    return {"did": {str(subject): list(keep(context, subject, dry_run=False).did) for subject in subjects}}
