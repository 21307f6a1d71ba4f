"""Read what was done in closed days and weeks, what waits, and what the gate and people said."""

from collections.abc import Mapping
from dataclasses import dataclass

from processor.checklists.sources import Sources
from processor.ledger import queries
from processor.ledger.queries import LongRun, OpenedPullRequest, PeriodSummary, RejectedRun, Waiting
from processor.model import Outcome, Period

_MOST_LISTED = 10
_DAYS_BEFORE = 7
_WEEKS_BEFORE = 4


@dataclass(frozen=True, kw_only=True)
class Work:
    """A closed period, and those before it as one."""

    summary: PeriodSummary
    before: PeriodSummary
    longest: tuple[LongRun, ...]
    waiting: tuple[Waiting, ...]
    queue_wait: tuple[float | None, float | None]  #: mean and maximum in seconds
    now: float

    @property
    def processed(self) -> int:
        """Runs that ended, cancelled ones left out."""
        return processed(self.summary)


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What the gate said in a closed period."""

    processed: int
    rejected: int
    rejected_runs: tuple[RejectedRun, ...]
    mean_score: float | None
    checks: Mapping[tuple[str, str], int]  #: by check and result


@dataclass(frozen=True, kw_only=True)
class PullRequests:
    """Our pull requests: those opened in a closed period, those that wait for a verdict, those that ended."""

    opened: tuple[OpenedPullRequest, ...]
    waiting: tuple[OpenedPullRequest, ...]
    ended: Mapping[str, int]  #: by merged or closed, of the same period
    mean_score: float | None  #: of the gate, of all runs that ended in it
    now: float


def read_day(sources: Sources) -> Work:
    """Read yesterday, with the seven days before it."""
    return _work(sources, sources.day(), sources.day(_DAYS_BEFORE + 1).start)


def read_week(sources: Sources) -> Work:
    """Read the last closed week, with the four before it."""
    return _work(sources, sources.week(), sources.week(_WEEKS_BEFORE + 1).start)


def read_gate_of_day(sources: Sources) -> Gate:
    """Read what the gate said yesterday."""
    return _gate(sources, sources.day())


def read_gate_of_week(sources: Sources) -> Gate:
    """Read what the gate said in the last closed week."""
    return _gate(sources, sources.week())


def read_pull_requests(sources: Sources) -> PullRequests:
    """Read our pull requests of yesterday."""
    day = sources.day()
    with sources.db() as db:
        return PullRequests(
            opened=queries.opened_pull_requests_between(db, day.start, day.end),
            waiting=queries.pull_requests_without_verdict(db),
            ended=queries.pull_requests_closed_between(db, day.start, day.end),
            mean_score=queries.mean_gate_score_between(db, day.start, day.end),
            now=sources.now,
        )


def processed(summary: PeriodSummary) -> int:
    """Count the runs of a period, cancelled ones left out."""
    return sum(number for (_, outcome), number in summary.runs.items() if outcome != Outcome.CANCELLED)


def of_outcome(summary: PeriodSummary, *outcomes: Outcome) -> int:
    """Count the runs of a period that ended so."""
    return sum(number for (_, outcome), number in summary.runs.items() if outcome in outcomes)


def _work(sources: Sources, period: Period, before: float) -> Work:
    with sources.db() as db:
        return Work(
            summary=queries.period_summary(db, period.start, period.end),
            before=queries.period_summary(db, before, period.start),
            longest=queries.longest_runs(db, period.start, period.end, _MOST_LISTED),
            waiting=queries.waiting(db),
            queue_wait=queries.queue_wait_between(db, period.start, period.end),
            now=sources.now,
        )


def _gate(sources: Sources, period: Period) -> Gate:
    with sources.db() as db:
        outcomes = queries.outcomes_between(db, period.start, period.end)
        return Gate(
            processed=sum(number for outcome, number in outcomes.items() if outcome != Outcome.CANCELLED),
            rejected=outcomes.get(Outcome.REJECTED, 0),
            rejected_runs=queries.rejected_runs_between(db, period.start, period.end, _MOST_LISTED),
            mean_score=queries.mean_gate_score_between(db, period.start, period.end),
            checks=queries.check_results_between(db, period.start, period.end),
        )
