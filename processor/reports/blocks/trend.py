"""A period beside those before it. Pure."""

from collections.abc import Sequence

from processor.reports.blocks.dates import long_date, short_date
from processor.reports.blocks.summary import GOAL_PERCENT
from processor.reports.document import AnyReport
from processor.reports.document_parts import Column
from processor.reports.page import (
    Chart,
    Limit,
    Lines,
    Series,
    Table,
    Tone,
)
from processor.reports.words import Words
from processor.settings.sections import ReportThresholds


def success_over(title: str, columns: Sequence[Column], words: Words, limits: ReportThresholds) -> Chart:
    """Draw the success rate from the oldest to the newest period."""
    names = tuple(short_date(one.date, words) for one in columns)
    series = Series(words("success_rate"), Tone.NEUTRAL, tuple(one.success_rate for one in columns))
    lines = (
        Limit(GOAL_PERCENT, words("goal_line"), Tone.GOOD),
        Limit(100 * limits.success_ratio, _limit_line(words, limits), Tone.LOOK),
    )
    return Chart(title, Lines(names, (series,), lines), None, words("no_data"))


def comparison(columns: Sequence[Column], heading: str, words: Words) -> Table:
    """Give periods row by row, each by its first day."""
    names = ("processed", "success_rate", "errors", "mean_time", "merged", "closed", "dollars")
    rows = (
        (
            long_date(one.date, words),
            words.count(one.total_issues_processed),
            words.percent(one.success_rate),
            words.count(one.errors_count),
            words.seconds(one.avg_processing_time),
            words.count(one.merged),
            words.count(one.closed),
            words.dollars(one.dollars),
        )
        for one in columns
    )
    return Table((heading, *map(words, names)), tuple(rows), words("no_data"))


def as_column(report: AnyReport) -> Column:
    """Give the period itself as one among those before it."""
    return Column(
        date=report.date,
        outcomes=report.issues_breakdown.by_outcome,
        total_issues_processed=report.summary.total_issues_processed,
        success_rate=report.summary.success_rate,
        avg_processing_time=report.summary.avg_processing_time,
        errors_count=report.summary.errors_count,
        merged=report.pull_requests.merged,
        closed=report.pull_requests.closed,
        dollars=report.cost.dollars,
    )


def _limit_line(words: Words, limits: ReportThresholds) -> str:
    return words.filled({"value": 100 * limits.success_ratio}, "page", "limit_line")
