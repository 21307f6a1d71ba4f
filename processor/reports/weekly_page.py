"""The weekly report as a page. Pure."""

from processor.reports.blocks import dates, people, performance, processing, summary, trend
from processor.reports.blocks.plan import hosts, plan
from processor.reports.document import WeeklyReport
from processor.reports.page import Page, Section, Table
from processor.reports.words import Words
from processor.settings.sections import ReportThresholds


def weekly_page(report: WeeklyReport, limits: ReportThresholds) -> Page:
    """Lay the report out: first what to do, then why."""
    words = Words(report.language)
    weeks = (*reversed(report.before), trend.as_column(report))
    by_day = [(dates.weekday(one.date, words), one.outcomes) for one in report.days]
    by_week = [(dates.short_date(one.date, words), one.outcomes) for one in weeks]
    title = {"week": report.week, "date": report.date}
    return Page(
        language=report.language,
        title=words.filled(title, "page", "weekly_title"),
        subtitle=words.filled(report.model_dump(include={"timezone", "made_at"}), "page", "subtitle"),
        sections=(
            Section(words("summary"), (summary.headline(report, words, limits, 7),)),
            Section(words("proposals"), (summary.advice(report, words),)),
            Section(
                words("weeks_before"),
                (
                    processing.outcomes_over(words("by_week"), words("week"), by_week, words),
                    trend.success_over(words("success_by_week"), weeks, words, limits),
                    trend.comparison(weeks, words("from"), words),
                ),
            ),
            Section(
                words("processing"),
                (
                    processing.outcomes_over(words("by_day"), words("day"), by_day, words),
                    processing.priorities(report, words),
                    processing.repositories(report, words),
                ),
            ),
            Section(
                words("performance"),
                (
                    performance.bottleneck(report, words),
                    performance.distribution(report, words),
                    performance.phase_times(report, words),
                    performance.longest(report, words),
                ),
            ),
            Section(words("errors"), (performance.error_types(report, words, 5),)),
            Section(words("resources"), (hosts(report, words),)),
            Section(words("people_and_money"), (people.people_and_money(report, words), _alerts(report, words))),
            *((Section(words("next_week"), blocks_of_plan),) if (blocks_of_plan := plan(report, words)) else ()),
        ),
        closing=words("closing"),
    )


def _alerts(report: WeeklyReport, words: Words) -> Table:
    rows = tuple((alert, words.count(count)) for alert, count in list(report.incidents.by_alert.items())[:10])
    return Table((words("alert"), words("times")), rows, words("no_incidents"))
