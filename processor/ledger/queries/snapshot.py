"""Read everything that the exporter shows, at one moment, at a cost that does not grow with the number of runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import Connection

from processor.ledger.families import RUNS
from processor.ledger.queries.alerts import DrillRecord, last_drills
from processor.ledger.queries.canary import CanaryStanding, canary_standing
from processor.ledger.queries.dead_letters import dead_letter_issues
from processor.ledger.queries.reports import last_reports_made_at, oldest_undelivered
from processor.ledger.queries.standing import (
    OpenPullRequests,
    Waiting,
    consecutive_failures,
    last_outcomes,
    pull_requests_by_review,
    runs_in_progress,
    waiting,
)
from processor.ledger.queries.surroundings import (
    RateLimitRecord,
    born_at,
    github_rate_limits,
    made_at,
    size_bytes,
)
from processor.ledger.queries.totals import Total, every_total
from processor.ledger.queries.upkeep import BackupRecord, list_backups, totals_moved_at
from processor.model import Outcome

#: How many outcomes the ratio of recent failures looks at.
RECENT_EVENTS: Final = 20


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The ledger at one moment. `born_at` is None while there is no ledger: everything else is empty then."""

    born_at: float | None = None  #: the created time of every counter
    made_at: float | None = None  #: since when there is a ledger, whatever moved its totals later
    totals: Mapping[str, tuple[Total, ...]]
    last_outcomes: tuple[Outcome, ...] = ()  #: newest first, at most RECENT_EVENTS
    consecutive_failures: int = 0
    waiting: tuple[Waiting, ...] = ()
    runs_in_progress: int = 0
    dead_letter_issues: int = 0
    open_pull_requests: tuple[OpenPullRequests, ...] = ()
    rate_limits: tuple[RateLimitRecord, ...] = ()
    drills: tuple[DrillRecord, ...] = ()
    size_bytes: int | None = None
    reports_made_at: Mapping[str, float] = field(default_factory=dict)  #: by kind of report
    undelivered_since: Mapping[str, float] = field(default_factory=dict)  #: by channel; only where a report waits
    backups: tuple[BackupRecord, ...] = ()  #: newest first
    canary: CanaryStanding = field(default_factory=CanaryStanding)
    totals_moved_at: float | None = None  #: by a restore or an import; None when never


#: What there is before the processor ever ran.
NO_LEDGER: Final = Snapshot(totals={})


def read_snapshot(db: Connection, known: Snapshot | None = None) -> Snapshot:
    """Read all of it in the caller's transaction.

    Counting dead letters costs as much as there were failures ever, so it is left out while nothing was queued, taken
    or ended since the earlier snapshot `known`.
    """
    recent = last_outcomes(db, RECENT_EVENTS)
    found = Snapshot(
        born_at=born_at(db),
        made_at=made_at(db),
        totals=every_total(db),
        last_outcomes=recent,
        consecutive_failures=consecutive_failures(db, recent),
        waiting=waiting(db),
        runs_in_progress=runs_in_progress(db),
        open_pull_requests=pull_requests_by_review(db),
        rate_limits=github_rate_limits(db),
        drills=last_drills(db),
        size_bytes=size_bytes(db),
        reports_made_at=last_reports_made_at(db),
        undelivered_since=oldest_undelivered(db),
        backups=list_backups(db),
        canary=canary_standing(db),
        totals_moved_at=totals_moved_at(db),
    )
    is_known = known is not None and _movements(known) == _movements(found)
    given_up = known.dead_letter_issues if known is not None and is_known else dead_letter_issues(db)
    return replace(found, dead_letter_issues=given_up)


def _movements(snapshot: Snapshot) -> tuple[object, ...]:
    """Give what cannot stay the same when an issue is given up or tried again."""
    ended = sum(total.value for total in snapshot.totals.get(RUNS, ()))
    return snapshot.born_at, ended, snapshot.waiting, snapshot.runs_in_progress
