"""The daily report as a page. Pure."""

from processor.reports.blocks import dates, people, performance, processing, summary, trend
from processor.reports.document import DailyReport
from processor.reports.page import Page, Section
from processor.reports.words import Words
from processor.settings.sections import ReportThresholds


def daily_page(report: DailyReport, limits: ReportThresholds) -> Page:
    """Lay the report out: first what to do, then why."""
    words = Words(report.language)
    days = (*reversed(report.before), trend.as_column(report))
    hours = [(str(one.hour), one.outcomes) for one in report.hours]
    return Page(
        language=report.language,
        title=words.filled({"date": dates.long_date(report.date, words)}, "page", "daily_title"),
        subtitle=words.filled(report.model_dump(include={"timezone", "made_at"}), "page", "subtitle"),
        sections=(
            Section(words("summary"), (summary.headline(report, words, limits, 1),)),
            Section(words("recommendations"), (summary.advice(report, words),)),
            Section(
                words("processing"),
                (
                    processing.outcomes_over(words("by_hour"), words("hour"), hours, words),
                    processing.priorities(report, words),
                    processing.repositories(report, words),
                ),
            ),
            Section(
                words("performance"),
                (
                    performance.distribution(report, words),
                    performance.phase_times(report, words),
                    performance.longest(report, words),
                ),
            ),
            Section(words("errors"), (performance.error_types(report, words, 5),)),
            Section(
                words("days_before"),
                (
                    trend.success_over(words("success_by_day"), days, words, limits),
                    trend.comparison(days, words("day"), words),
                ),
            ),
            Section(words("people_and_money"), (people.people_and_money(report, words),)),
        ),
        closing=words("closing"),
    )
