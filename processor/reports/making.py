"""Make a report of a closed period from the ledger."""

from datetime import date
from zoneinfo import ZoneInfo

from processor.errors import UsageError
from processor.ledger.connection import Ledger
from processor.model import ReportKind
from processor.reports import planning
from processor.reports.composing import Making, daily_report, weekly_report
from processor.reports.daily_page import daily_page
from processor.reports.document import AnyReport, DailyReport
from processor.reports.document_parts import Language
from processor.reports.due import newest_closed
from processor.reports.page import Page
from processor.reports.plan_readings import read_hosts, read_standing
from processor.reports.readings import first_day_of, period_of, read_days, read_hours, read_period
from processor.reports.weekly_page import weekly_page
from processor.settings.sections import MainFile, ReportThresholds

#: Before it there was no GitHub, and the clocks of some zones told no full minutes.
_EARLIEST = date(2000, 1, 1)


def make_report(
    ledger: Ledger,
    main: MainFile,
    kind: ReportKind,
    *,
    day: date | None,
    now: float,
    language: Language | None = None,
) -> AnyReport:
    """Make the report of the day, or of the week that the day is in; None asks for the last one that is over.

    Raises:
        UsageError: it is not over yet, or before this program's time.
        LedgerError: the ledger cannot be read.
    """
    zone = ZoneInfo(main.timezone)
    newest = newest_closed(kind, now, zone)
    first_day = newest if day is None else first_day_of(kind, day)
    if first_day > newest:
        raise UsageError(_not_over(kind, first_day, newest, main.timezone))
    if first_day < _EARLIEST:
        raise UsageError(f"there is nothing to report of {first_day}; name a day after {_EARLIEST}")
    making = Making(now, language or language_of(main), main.reports.thresholds)
    with ledger.read() as db:
        readings = read_period(db, kind, first_day, zone)
        if kind is ReportKind.DAILY:
            return daily_report(readings, read_hours(db, period_of(kind, first_day, zone)), making)
        hosts = planning.resources(read_hosts(db, period_of(kind, first_day, zone)))
        plan = None
        if first_day == newest:
            plan = planning.next_week(read_standing(db, now), main, readings.sums.summary.mean_seconds, zone)
        return weekly_report(readings, read_days(db, first_day, zone), hosts, plan, making)


def language_of(main: MainFile) -> Language:
    """Tell the language of reports."""
    return main.reports.language or main.alerting.language


def page_of(report: AnyReport, thresholds: ReportThresholds) -> Page:
    """Lay a report out."""
    return daily_page(report, thresholds) if isinstance(report, DailyReport) else weekly_page(report, thresholds)


def _not_over(kind: ReportKind, first_day: date, newest: date, zone: str) -> str:
    what = {ReportKind.DAILY: "the day", ReportKind.WEEKLY: "the week from"}[kind]
    return f"{what} {first_day} is not over in {zone}; the newest report there can be is that of {newest}"
