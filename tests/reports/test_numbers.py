"""The numbers of a report are those of plain SQL and of the exporter, in every zone and on days of another length."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from sqlalchemy import Connection, text

from exporter.collectors.incidents import IncidentsCollector
from exporter.collectors.reports import ReportsCollector
from exporter.collectors.trends import TrendsCollector
from exporter.ledger_reading import LedgerReading
from exporter.surroundings import Surroundings
from processor.errors import UsageError
from processor.ledger.queries import LedgerDoor
from processor.model import Outcome, ReportKind
from processor.reports.document import AnyReport, DailyReport, WeeklyReport
from processor.reports.making import make_report
from processor.settings.load import load_settings
from processor.settings.sections import MainFile
from tests.reports.scene import Scene, at

ZONES = ("Asia/Tokyo", "Europe/Paris", "America/New_York", "Australia/Lord_Howe")
NOW = "2026-11-23T12:00"  # a Monday
_ENDED = "FROM runs WHERE finished_at >= :start AND finished_at < :end AND NOT is_dry_run"
_PROCESSED = f"{_ENDED} AND outcome <> 'cancelled'"


def _report(scene: Scene, kind: ReportKind, now: float, zone: str, day: date | None = None) -> AnyReport:
    return make_report(scene.ledger, MainFile(timezone=zone), kind, day=day, now=now)


def _sql(db: Connection, statement: str, report: AnyReport) -> dict[str, float]:
    bounds = {
        "start": datetime.fromisoformat(report.starts_at).timestamp(),
        "end": datetime.fromisoformat(report.ends_at).timestamp(),
    }
    return {str(row[0]): row[1] for row in db.execute(text(statement), bounds)}


@pytest.mark.parametrize("kind", ReportKind)
@pytest.mark.parametrize("zone", ZONES)
def test_a_report_says_what_sql_says(eventful: Scene, zone: str, kind: ReportKind) -> None:
    days = [None, date(2026, 11, 19), date(2026, 11, 21)] if kind is ReportKind.DAILY else [None, date(2026, 11, 11)]
    with eventful.ledger.read() as db:
        for day in days:
            report = _report(eventful, kind, at(NOW, ZoneInfo(zone)), zone, day)
            outcomes = _sql(db, f"SELECT outcome, count(*) {_ENDED} GROUP BY 1", report)
            assert {name: count for name, count in report.issues_breakdown.by_outcome.items() if count} == outcomes
            processed = sum(outcomes.values()) - outcomes.get("cancelled", 0)
            assert report.summary.total_issues_processed == processed
            success = round(100 * outcomes.get("success", 0) / processed, 2) if processed else None
            assert report.summary.success_rate == success
            assert report.summary.errors_count == outcomes.get("error", 0) + outcomes.get("timeout", 0)
            mean = _sql(db, f"SELECT 'mean', avg(finished_at - started_at) {_PROCESSED}", report)["mean"]
            assert report.performance.avg_time == pytest.approx(mean, abs=0.005)
            longest = _sql(db, f"SELECT 'longest', max(finished_at - started_at) {_PROCESSED}", report)["longest"]
            assert report.performance.longest_time == pytest.approx(longest, abs=0.005)
            kinds = _sql(db, f"SELECT error_type, count(*) {_PROCESSED} AND error_type IS NOT NULL GROUP BY 1", report)
            assert report.errors == kinds
            spent = "SELECT 'spent', sum(cost_dollars) FROM usage WHERE run_id IN (SELECT run_id "
            dollars = _sql(db, f"{spent} {_ENDED})", report)["spent"]
            assert report.cost.dollars == pytest.approx(dollars)
            merged = "SELECT 'merged', count(*) FROM pull_requests WHERE merged_at >= :start AND merged_at < :end"
            assert report.pull_requests.merged == _sql(db, merged, report)["merged"]


@pytest.mark.parametrize("zone", ZONES)
def test_a_report_says_what_the_exporter_shows(eventful: Scene, zone: str, tmp_path: Path) -> None:
    now = at(NOW, ZoneInfo(zone))
    day, week = (_report(eventful, kind, now, zone) for kind in ReportKind)
    shown = _shown(eventful, zone, now, tmp_path)
    for report, period in ((day, "day"), (week, "week")):
        for family, labels, value in _told(report):
            key = (family, *sorted((*labels, ("period", period))))
            assert shown.get(key) == (None if value is None else pytest.approx(value, abs=0.005)), key
    assert isinstance(day, DailyReport)
    for hour in day.hours:
        for outcome, count in hour.outcomes.items():
            assert shown["aip_report_hour_runs", ("hour", str(hour.hour)), ("outcome", outcome)] == count


def _told(report: AnyReport) -> Iterator[tuple[str, tuple[tuple[str, str], ...], float | None]]:
    """Give what a report says, by the family and the labels with which the exporter shows it."""
    for priority, outcomes in report.issues_breakdown.by_priority.items():
        for outcome, count in outcomes.items():
            yield "aip_report_runs", (("outcome", outcome), ("priority", priority)), count
    for band, count in report.performance.distribution.items():
        yield "aip_report_duration_runs", (("band", band),), count
    yield "aip_report_duration_seconds_mean", (), report.performance.avg_time
    yield "aip_report_duration_seconds_max", (), report.performance.longest_time
    for ago, column in enumerate(report.before, start=1):
        for outcome in Outcome:
            yield "aip_report_trend_runs", (("ago", str(ago)), ("outcome", outcome)), column.outcomes[outcome]
    for severity, count in report.incidents.by_severity.items():
        yield "aip_report_incidents", (("severity", severity),), count
    yield "aip_report_trend_cost_dollars", (("ago", "0"),), report.cost.dollars
    yield "aip_report_trend_pull_requests", (("ago", "0"), ("result", "merged")), report.pull_requests.merged


def _shown(scene: Scene, zone: str, now: float, folder: Path) -> dict[tuple[object, ...], float]:
    recipe = {"kind": "recipe", "steps": [{"tool": "codespell"}]}
    main = {"timezone": zone, "agents": {"tidy": recipe}, "default_agent": "tidy"}
    main["state"] = {"directory": str(Path(str(scene.ledger.engine.url.database)).parent)}
    (folder / "auto_issue_processor.yaml").write_text(yaml.safe_dump(main), encoding="utf-8")
    settings = load_settings(folder, {})
    reading = LedgerReading(LedgerDoor(settings.main.state))
    surroundings = Surroundings(settings, reading, lambda: now)
    collectors = (ReportsCollector(surroundings), TrendsCollector(surroundings), IncidentsCollector(surroundings))
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for collector in collectors
        for metric in collector.collect()
        for sample in metric.samples
    }
    reading.close()
    return samples


def test_the_days_of_a_week_add_up_to_it(eventful: Scene) -> None:
    week = _report(eventful, ReportKind.WEEKLY, at(NOW), "Asia/Tokyo")
    assert isinstance(week, WeeklyReport)
    assert [one.date for one in week.days] == [f"2026-11-{day}" for day in range(16, 23)]
    for outcome in Outcome:
        assert sum(one.outcomes[outcome] for one in week.days) == week.issues_breakdown.by_outcome[outcome]
    assert week.week == "2026-W47"


@pytest.mark.parametrize(
    ("zone", "day", "hours", "at_two"),
    [
        ("Europe/Paris", date(2026, 10, 25), 25, 4),
        ("America/New_York", date(2026, 3, 8), 23, 0),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5, 1),
        ("Asia/Tokyo", date(2026, 10, 25), 24, 2),
    ],
)
def test_a_day_on_which_clocks_change_is_whole(scene: Scene, zone: str, day: date, hours: float, at_two: int) -> None:
    midnight = at(f"{day}T00:00", ZoneInfo(zone))
    scene.begin(midnight)
    for half_hour in range(-1, int(2 * hours) + 1):
        scene.finish(midnight + 1800 * half_hour, seconds=1)
    report = _report(scene, ReportKind.DAILY, midnight + 3 * 86_400, zone, day)
    assert isinstance(report, DailyReport)
    assert report.summary.total_issues_processed == 2 * hours
    assert sum(one.outcomes[Outcome.SUCCESS] for one in report.hours) == 2 * hours
    assert {one.hour: one.outcomes[Outcome.SUCCESS] for one in report.hours}.get(2, 0) == at_two


def test_a_day_without_runs_has_no_rate_and_no_mean(scene: Scene) -> None:
    scene.finish(at("2026-11-20T12:00"), is_dry_run=True)
    scene.finish(at("2026-11-20T12:01"), Outcome.CANCELLED)
    report = _report(scene, ReportKind.DAILY, at("2026-11-21T09:00"), "Asia/Tokyo")
    assert report.summary.model_dump() == {
        "total_issues_processed": 0, "success_rate": None, "avg_processing_time": None, "errors_count": 0,
        "remark": "no data",
    }  # fmt: skip
    assert report.recommendations == ()


def test_a_run_that_ended_before_it_began_by_the_clock_of_another_host_took_no_time(scene: Scene) -> None:
    scene.finish(at("2026-11-20T12:00"), seconds=-0.25)
    report = _report(scene, ReportKind.DAILY, at("2026-11-21T09:00"), "Asia/Tokyo")
    assert (report.performance.avg_time, report.performance.longest_time, report.performance.total_time) == (0, 0, 0)
    assert report.performance.longest[0].seconds == 0
    assert set(report.performance.phases.values()) == {0}


def test_what_was_over_before_the_ledger_began_is_no_comparison(scene: Scene) -> None:
    scene.begin(at("2026-11-18T12:00"))
    report = _report(scene, ReportKind.DAILY, at("2026-11-21T09:00"), "Asia/Tokyo")
    assert [one.date for one in report.before] == ["2026-11-19", "2026-11-18"]


def test_a_day_that_is_not_over_is_refused(scene: Scene) -> None:
    with pytest.raises(UsageError) as refused:
        _report(scene, ReportKind.DAILY, at("2026-11-21T09:00"), "Asia/Tokyo", date(2026, 11, 21))
    assert str(refused.value) == (
        "the day 2026-11-21 is not over in Asia/Tokyo; the newest report there can be is that of 2026-11-20"
    )
    with pytest.raises(UsageError, match="the week from 2026-11-16 is not over"):
        _report(scene, ReportKind.WEEKLY, at("2026-11-21T09:00"), "Asia/Tokyo", date(2026, 11, 18))
