"""Read everything that the exporter shows, at one moment, at a cost that does not grow with the number of runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from processor.ledger.queries.alerts import DrillRecord, last_drills
from processor.ledger.queries.dead_letters import dead_letter_issues
from processor.ledger.queries.standing import (
    OpenPullRequests,
    Waiting,
    consecutive_failures,
    last_outcomes,
    pull_requests_by_review,
    runs_in_progress,
    waiting,
)
from processor.ledger.queries.surroundings import RateLimitRecord, born_at, github_rate_limits
from processor.ledger.queries.totals import Total, every_total
from processor.model import Outcome

#: How many outcomes the ratio of recent failures looks at.
RECENT_EVENTS: Final = 20


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The ledger at one moment. `born_at` is None while there is no ledger: everything else is empty then."""

    born_at: float | None = None
    totals: Mapping[str, tuple[Total, ...]]
    last_outcomes: tuple[Outcome, ...] = ()  #: newest first, at most RECENT_EVENTS
    consecutive_failures: int = 0
    waiting: tuple[Waiting, ...] = ()
    runs_in_progress: int = 0
    dead_letter_issues: int = 0
    open_pull_requests: tuple[OpenPullRequests, ...] = ()
    rate_limits: tuple[RateLimitRecord, ...] = ()
    drills: tuple[DrillRecord, ...] = ()


#: What there is before the processor ever ran.
NO_LEDGER: Final = Snapshot(totals={})


def read_snapshot(db: Connection) -> Snapshot:
    """Read all of it in the caller's transaction."""
    recent = last_outcomes(db, RECENT_EVENTS)
    return Snapshot(
        born_at=born_at(db),
        totals=every_total(db),
        last_outcomes=recent,
        consecutive_failures=consecutive_failures(db, recent),
        waiting=waiting(db),
        runs_in_progress=runs_in_progress(db),
        dead_letter_issues=dead_letter_issues(db),
        open_pull_requests=pull_requests_by_review(db),
        rate_limits=github_rate_limits(db),
        drills=last_drills(db),
    )
