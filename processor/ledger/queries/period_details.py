"""Read what a report adds to the sums of a closed period: repositories, longest runs, tokens, pull requests.

What belongs to a period is what `periods` says.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from processor.ledger.queries.periods import ended_between, processed_between
from processor.ledger.schema import pull_requests, runs, usage
from processor.ledger.worked import RUN_SECONDS


@dataclass(frozen=True, kw_only=True)
class LongRun:
    """A run that took long; `seconds` are of work."""

    run_id: str
    repository: str
    issue: int
    outcome: str
    seconds: float
    pull_request_url: str | None


@dataclass(frozen=True)
class Tokens:
    """What agents said they read and wrote; None when none of them said it."""

    read: int | None
    written: int | None


def outcomes_by_repository(db: Connection, start: float, end: float) -> dict[tuple[str, str], int]:
    """Count the outcomes of each repository."""
    by = (runs.c.repository, runs.c.outcome)
    counted = select(*by, func.count().label("number")).where(*ended_between(start, end)).group_by(*by)
    return {(row.repository, row.outcome): row.number for row in db.execute(counted)}


def longest_runs(db: Connection, start: float, end: float, limit: int) -> tuple[LongRun, ...]:
    """Read the processed runs that took longest, the longest first; one that never began is none."""
    seconds = RUN_SECONDS.label("seconds")
    columns = (runs.c.run_id, runs.c.repository, runs.c.issue, runs.c.outcome, seconds, runs.c.pull_request_url)
    wanted = select(*columns).where(*processed_between(start, end), runs.c.started_at.is_not(None))
    rows = db.execute(wanted.order_by(seconds.desc(), runs.c.run_id).limit(limit))
    return tuple(LongRun(**row._mapping) for row in rows)  # SQLAlchemy's documented name


def tokens_between(db: Connection, start: float, end: float) -> Tokens:
    """Sum up the tokens of the runs that ended, cached ones included."""
    given = (usage.c.input_tokens, usage.c.cache_read_tokens, usage.c.cache_write_tokens)
    read = func.sum(sum((func.coalesce(one, 0) for one in given[1:]), func.coalesce(given[0], 0)))
    known = func.count(func.coalesce(*given))
    written = func.sum(usage.c.output_tokens)
    of_the_runs = usage.join(runs, runs.c.run_id == usage.c.run_id)
    wanted = select(read, known, written).select_from(of_the_runs).where(*ended_between(start, end))
    all_read, said_so, all_written = db.execute(wanted).one()
    return Tokens(int(all_read) if said_so else None, None if all_written is None else int(all_written))


def pull_requests_opened_between(db: Connection, start: float, end: float) -> int:
    """Count our pull requests that were opened in a period."""
    opened = (pull_requests.c.created_at >= start, pull_requests.c.created_at < end)
    return db.execute(select(func.count()).select_from(pull_requests).where(*opened)).scalar_one()
