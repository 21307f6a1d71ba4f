"""Make reports of what was read, and let the rules say what to do about it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from processor.reports import parts
from processor.reports.document import AnyReport, DailyReport, WeeklyReport
from processor.reports.document_parts import (
    HostUse,
    Hour,
    Language,
    NextWeek,
    PullRequests,
    Recommendation,
)
from processor.reports.readings import Readings, Sums
from processor.reports.rules import findings
from processor.reports.words import Words
from processor.settings.sections import ReportThresholds

Kind = TypeVar("Kind", DailyReport, WeeklyReport)


@dataclass(frozen=True)
class Making:
    """How a report is made: when (seconds of the epoch), in what language, with which thresholds."""

    at: float
    language: Language
    thresholds: ReportThresholds


def daily_report(readings: Readings, hours: Mapping[int, Mapping[str, int]], making: Making) -> DailyReport:
    """Make the report of a day."""
    shown = tuple(Hour(hour=hour, outcomes=parts.outcomes_of(counts)) for hour, counts in sorted(hours.items()))
    return _advised(DailyReport(hours=shown, **_shared(readings, making)), making)


def weekly_report(
    readings: Readings,
    days: Iterable[Sums],
    resources: tuple[HostUse, ...],
    next_week: NextWeek | None,
    making: Making,
) -> WeeklyReport:
    """Make the report of a week."""
    year, week, _ = readings.sums.first_day.isocalendar()
    report = WeeklyReport(
        week=f"{year}-W{week:02d}",
        days=tuple(parts.column(one) for one in days),
        bottleneck=parts.bottleneck(readings.sums.summary),
        resources=resources,
        next_week=next_week,
        **_shared(readings, making),
    )
    return _advised(report, making)


def in_language(report: AnyReport, language: Language) -> AnyReport:
    """Give a report with its recommendations in a language."""
    if report.language == language:
        return report
    words = Words(language)
    said = tuple(one.model_copy(update=_words_of(words, one.rule, one.numbers)) for one in report.recommendations)
    return report.model_copy(update={"language": language, "recommendations": said})


def _advised(report: Kind, making: Making) -> Kind:
    words = Words(making.language)
    said = tuple(
        Recommendation(
            type=found.rule.type,
            rule=found.rule.name,
            numbers=dict(found.numbers),
            **_words_of(words, found.rule.name, found.numbers),
        )
        for found in findings(report, making.thresholds)
    )
    return report.model_copy(update={"recommendations": said})


def _words_of(words: Words, rule: str, numbers: Mapping[str, Any]) -> dict[str, str]:
    return {part: words.filled(numbers, "rules", rule, part) for part in ("message", "action")}


def _shared(readings: Readings, making: Making) -> dict[str, Any]:
    """Give the keys that both reports have."""
    sums = readings.sums
    zone = sums.period.zone
    return {
        "date": sums.first_day.isoformat(),
        "timezone": str(zone),
        "starts_at": parts.moment(sums.period.start, zone),
        "ends_at": parts.moment(sums.period.end, zone),
        "made_at": parts.moment(making.at, zone),
        "language": making.language,
        "summary": parts.summary(sums),
        "issues_breakdown": parts.breakdown(readings),
        "performance": parts.performance(sums.summary, readings.longest),
        "errors": parts.errors(sums.summary),
        "recommendations": (),
        "pull_requests": PullRequests(
            opened=readings.opened, merged=sums.closed.get("merged", 0), closed=sums.closed.get("closed", 0)
        ),
        "cost": parts.cost(readings),
        "incidents": parts.incidents(readings.incidents),
        "before": tuple(parts.column(one) for one in readings.before),
    }
