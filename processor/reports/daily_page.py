"""The daily report as a page. Pure."""

from processor.reports import shared_blocks as blocks
from processor.reports.document import DailyReport
from processor.reports.page import Page, Section
from processor.reports.words import Words
from processor.settings.sections import ReportThresholds


def daily_page(report: DailyReport, limits: ReportThresholds) -> Page:
    """Lay the report out: first what to do, then why."""
    words = Words(report.language)
    days = (*reversed(report.before), blocks.as_column(report))
    hours = [(str(one.hour), one.outcomes) for one in report.hours]
    return Page(
        language=report.language,
        title=words.filled({"date": blocks.long_date(report.date, words)}, "page", "daily_title"),
        subtitle=words.filled(report.model_dump(include={"timezone", "made_at"}), "page", "subtitle"),
        sections=(
            Section(words("summary"), (blocks.headline(report, words, limits, 1),)),
            Section(words("recommendations"), (blocks.advice(report, words),)),
            Section(
                words("processing"),
                (
                    blocks.outcomes_over(words("by_hour"), words("hour"), hours, words),
                    blocks.priorities(report, words),
                    blocks.repositories(report, words),
                ),
            ),
            Section(
                words("performance"),
                (
                    blocks.distribution(report, words),
                    blocks.phase_times(report, words),
                    blocks.longest(report, words),
                ),
            ),
            Section(words("errors"), (blocks.error_types(report, words, 5),)),
            Section(
                words("days_before"),
                (blocks.success_over(words("success_by_day"), days, words, limits), blocks.comparison(days, words)),
            ),
            Section(words("people_and_money"), (blocks.people_and_money(report, words),)),
        ),
        closing=words("closing"),
    )
