"""Make the parts of a report out of sums of the ledger. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from processor.ledger.queries import LongRun, PeriodSummary
from processor.model import Band, Outcome, Phase, Priority
from processor.reports.document_parts import (
    Bottleneck,
    Breakdown,
    Column,
    Cost,
    Incidents,
    LongestRun,
    Outcomes,
    Performance,
    Summary,
)
from processor.reports.readings import Readings, Sums


def moment(at: float, zone: ZoneInfo) -> str:
    """Write a time, in seconds of the epoch, with its distance from UTC."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone).isoformat(timespec="seconds")


def seconds(value: float | None) -> float | None:
    """Give seconds as a report has them."""
    return None if value is None else round(value, 2)


def outcomes_of(counts: Mapping[str, int]) -> Outcomes:
    """Give every outcome its number."""
    return {outcome: counts.get(outcome, 0) for outcome in Outcome}


def by_outcome(summary: PeriodSummary) -> Outcomes:
    """Count the outcomes of all priorities together."""
    counts: Counter[str] = Counter()
    for (_, outcome), count in summary.runs.items():
        counts[outcome] += count
    return outcomes_of(counts)


def processed_of(outcomes: Outcomes) -> int:
    """Count the runs that were not cancelled."""
    return sum(outcomes.values()) - outcomes[Outcome.CANCELLED]


def errors_of(outcomes: Outcomes) -> int:
    """Count the runs that ended as error or timeout."""
    return outcomes[Outcome.ERROR] + outcomes[Outcome.TIMEOUT]


def success_rate(outcomes: Outcomes) -> float | None:
    """Give the share that succeeded, in percent; None when nothing was processed."""
    processed = processed_of(outcomes)
    return round(100 * outcomes[Outcome.SUCCESS] / processed, 2) if processed else None


def summary(sums: Sums) -> Summary:
    """Give the handbook's four numbers."""
    outcomes = by_outcome(sums.summary)
    processed = processed_of(outcomes)
    return Summary(
        total_issues_processed=processed,
        success_rate=success_rate(outcomes),
        avg_processing_time=seconds(sums.summary.mean_seconds),
        errors_count=errors_of(outcomes),
        remark=None if processed else "no data",
    )


def breakdown(readings: Readings) -> Breakdown:
    """Sort the runs by outcome, priority and repository; every priority is there."""
    priorities: dict[str, dict[str, int]] = {priority: {} for priority in Priority}
    for (priority, outcome), count in readings.sums.summary.runs.items():
        priorities[priority][outcome] = count
    repositories: dict[str, dict[str, int]] = {}
    for (repository, outcome), count in sorted(readings.by_repository.items()):
        repositories.setdefault(repository, {})[outcome] = count
    return Breakdown(
        by_outcome=by_outcome(readings.sums.summary),
        by_priority={Priority(name): outcomes_of(counts) for name, counts in priorities.items()},
        by_repository={name: outcomes_of(counts) for name, counts in repositories.items()},
    )


def performance(found: PeriodSummary, longest: Iterable[LongRun]) -> Performance:
    """Say where the time went."""
    return Performance(
        avg_time=seconds(found.mean_seconds),
        longest_time=seconds(found.longest_seconds),
        total_time=round(found.work_seconds, 2),
        distribution={band: found.bands[band] for band in Band},
        phases={phase: round(found.phase_seconds.get(phase, 0.0), 2) for phase in Phase},
        longest=tuple(
            LongestRun(
                issue=f"{one.repository}#{one.issue}",
                run_id=one.run_id,
                outcome=Outcome(one.outcome),
                seconds=round(one.seconds, 2),
                pull_request=one.pull_request_url,
            )
            for one in longest
        ),
    )


def cost(readings: Readings) -> Cost:
    """Say what was spent, and for what."""
    dollars = readings.sums.summary.cost_dollars
    succeeded, merged = by_outcome(readings.sums.summary)[Outcome.SUCCESS], readings.sums.closed.get("merged", 0)
    return Cost(
        dollars=None if dollars is None else round(dollars, 4),
        dollars_per_success=_each(dollars, succeeded),
        dollars_per_merge=_each(dollars, merged),
        tokens_read=readings.tokens.read,
        tokens_written=readings.tokens.written,
    )


def incidents(counts: Mapping[tuple[str, str], int]) -> Incidents:
    """Sort incidents by severity and by alert, the most frequent first."""
    severities: Counter[str] = Counter()
    alerts: Counter[str] = Counter()
    for (alert, severity), count in counts.items():
        severities[severity or "none"] += count
        alerts[alert] += count
    return Incidents(total=alerts.total(), by_severity=_ranked(severities), by_alert=_ranked(alerts))


def errors(found: PeriodSummary) -> dict[str, int]:
    """Give the kinds of error, the most frequent first."""
    return _ranked(found.errors)


def column(sums: Sums) -> Column:
    """Give a period as one among others."""
    outcomes = by_outcome(sums.summary)
    return Column(
        date=sums.first_day.isoformat(),
        outcomes=outcomes,
        total_issues_processed=processed_of(outcomes),
        success_rate=success_rate(outcomes),
        avg_processing_time=seconds(sums.summary.mean_seconds),
        errors_count=errors_of(outcomes),
        merged=sums.closed.get("merged", 0),
        closed=sums.closed.get("closed", 0),
        dollars=None if sums.summary.cost_dollars is None else round(sums.summary.cost_dollars, 4),
    )


def bottleneck(found: PeriodSummary) -> Bottleneck | None:
    """Find the phase that took the most time; None when none took any."""
    total = sum(found.phase_seconds.values())
    if total <= 0:
        return None
    phase, took = max(found.phase_seconds.items(), key=lambda one: one[1])
    return Bottleneck(phase=Phase(phase), seconds=round(took, 2), share=round(100 * took / total, 1))


def _each(dollars: float | None, number: int) -> float | None:
    return None if dollars is None or number == 0 else round(dollars / number, 4)


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
