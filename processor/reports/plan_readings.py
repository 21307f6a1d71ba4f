"""Read what the plan for next week is made of, and what hosts carried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from processor.ledger import operators, overrides, queries, services
from processor.ledger.overrides import Override
from processor.ledger.queries import HostUseRecord, Waiting
from processor.ledger.queries.standing import pull_requests_by_review, waiting
from processor.ledger.services import ServiceRecord
from processor.model import Period

_WEEKS_BEFORE = timedelta(weeks=4)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is there now: the backlog and what holds it back, who works on it, what people have to decide."""

    waiting: tuple[Waiting, ...]
    is_paused: bool
    held_by_first_start: int
    services: tuple[ServiceRecord, ...]  #: those that live
    open_pull_requests: int
    dead_letters: tuple[str, ...]
    overrides: tuple[Override, ...]  #: those in force


@dataclass(frozen=True)
class HostReadings:
    """What each host carried in a week, and in the four before it."""

    week: dict[str, HostUseRecord]
    before: dict[str, HostUseRecord]


def read_standing(db: Connection, now: float) -> Standing:
    """Read it as of now."""
    return Standing(
        waiting=waiting(db),
        is_paused=operators.get_control(db, operators.PAUSED) is not None,
        held_by_first_start=queries.waiting_issues(db),
        services=tuple(one for one in services.list_services(db) if one.is_alive(now)),
        open_pull_requests=sum(one.count for one in pull_requests_by_review(db)),
        dead_letters=tuple(str(run.ref) for run in queries.dead_letters(db)),
        overrides=tuple(one for one in overrides.list_overrides(db) if one.is_in_force(now)),
    )


def read_hosts(db: Connection, week: Period) -> HostReadings:
    """Read the hours of a week and of the four before it."""
    earlier = _weeks_earlier(week.start, week.zone)
    return HostReadings(
        queries.host_use_between(db, week.start, week.end), queries.host_use_between(db, earlier, week.start)
    )


def _weeks_earlier(start: float, zone: ZoneInfo) -> float:
    """Give the same time on the clock four weeks earlier."""
    return (datetime.fromtimestamp(start, zone) - _WEEKS_BEFORE).timestamp()
