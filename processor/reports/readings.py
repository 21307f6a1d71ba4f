"""Read from the ledger what the reports are made of."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from processor.ledger import queries
from processor.ledger.queries import LongRun, PeriodSummary, Tokens
from processor.model import Period, ReportKind, day_of, hours_of, week_of

_DAYS_BEFORE, _WEEKS_BEFORE = 7, 4
_LONGEST = 5


@dataclass(frozen=True)
class Sums:
    """A closed period in numbers that others can be held against."""

    first_day: date
    period: Period
    summary: PeriodSummary
    closed: dict[str, int]  #: pull requests by `merged` or `closed`


@dataclass(frozen=True, kw_only=True)
class Readings:
    """Everything about one period."""

    sums: Sums
    before: tuple[Sums, ...]  #: newest first; none of those that were over before the ledger began
    by_repository: dict[tuple[str, str], int]
    longest: tuple[LongRun, ...]
    tokens: Tokens
    opened: int
    incidents: dict[tuple[str, str], int]  #: by alert and severity


def period_of(kind: ReportKind, first_day: date, zone: ZoneInfo) -> Period:
    """Give the day or week that begins with a date."""
    return day_of(first_day, zone) if kind is ReportKind.DAILY else week_of(first_day, zone)


def first_day_of(kind: ReportKind, day: date) -> date:
    """Give the first day of the period that a date is in."""
    return day if kind is ReportKind.DAILY else day - timedelta(days=day.weekday())


def read_period(db: Connection, kind: ReportKind, first_day: date, zone: ZoneInfo) -> Readings:
    """Read a period and those before it."""
    period = period_of(kind, first_day, zone)
    start, end = period.start, period.end
    return Readings(
        sums=_sums(db, kind, first_day, zone),
        before=_before(db, kind, first_day, zone),
        by_repository=queries.outcomes_by_repository(db, start, end),
        longest=queries.longest_runs(db, start, end, _LONGEST),
        tokens=queries.tokens_between(db, start, end),
        opened=queries.pull_requests_opened_between(db, start, end),
        incidents=queries.incidents_between(db, start, end),
    )


def read_hours(db: Connection, day: Period) -> dict[int, dict[str, int]]:
    """Count the outcomes of each hour of the day on the clock; an hour that comes twice is one."""
    hours: dict[int, dict[str, int]] = {}
    for label, piece in hours_of(day):
        counts = hours.setdefault(int(label), {})
        for outcome, count in queries.outcomes_between(db, piece.start, piece.end).items():
            counts[outcome] = counts.get(outcome, 0) + count
    return hours


def read_days(db: Connection, monday: date, zone: ZoneInfo) -> tuple[Sums, ...]:
    """Read the seven days of a week."""
    return tuple(_sums(db, ReportKind.DAILY, monday + timedelta(days=place), zone) for place in range(7))


def _before(db: Connection, kind: ReportKind, first_day: date, zone: ZoneInfo) -> tuple[Sums, ...]:
    count, step = (_DAYS_BEFORE, 1) if kind is ReportKind.DAILY else (_WEEKS_BEFORE, 7)
    made_at = queries.made_at(db)
    found = [_sums(db, kind, first_day - timedelta(days=step * ago), zone) for ago in range(1, count + 1)]
    return tuple(one for one in found if one.period.end > made_at or one.summary.runs or one.closed)


def _sums(db: Connection, kind: ReportKind, first_day: date, zone: ZoneInfo) -> Sums:
    period = period_of(kind, first_day, zone)
    return Sums(
        first_day,
        period,
        queries.period_summary(db, period.start, period.end),
        queries.pull_requests_closed_between(db, period.start, period.end),
    )
