"""The closed day against those before it, the closed week against those before it, in any zone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from exporter.collectors.incidents import IncidentsCollector
from exporter.collectors.trends import TrendsCollector
from processor.ledger import incidents, pull_requests, queries, runs
from processor.ledger.adoption import Found, adopt
from processor.ledger.incidents import AlertNotice, AlertStatus
from processor.ledger.restoration import begin_counters_anew
from processor.ledger.schema import facts
from processor.model import CiState, IssueRef, Outcome, Priority, Reviews, ReviewState
from tests.exporter.moments import TOKYO, Clock, moment, showing
from tests.exporter.test_standing import pull_request

NOON = "2026-11-27T12:00"  # a Friday


@pytest.fixture
def clock():
    return Clock(moment(NOON))


@pytest.fixture
def values(office, clock):
    with showing(office, clock, TrendsCollector) as ask:
        yield ask


def test_each_of_eight_days_and_five_weeks_is_told_apart(values, scene):
    for day, count in (("2026-11-26", 3), ("2026-11-25", 1), ("2026-11-19", 2), ("2026-11-18", 4)):
        for _ in range(count):
            scene.finish(at=moment(f"{day}T00:00"))
    scene.finish(Outcome.ERROR, at=moment("2026-10-19T00:00"))
    scene.finish(at=moment("2026-10-18T23:59:59"))
    days = values("aip_report_trend_runs", period="day")
    assert days == {("0", "success"): 3, ("1", "success"): 1, ("7", "success"): 2}
    weeks = values("aip_report_trend_runs", period="week")
    assert weeks == {("0", "success"): 6, ("4", "error"): 1}
    assert values("aip_report_trend_work_seconds", period="day", ago="7") == {(): pytest.approx(80)}
    assert values("aip_report_trend_duration_seconds_max", period="week", ago="4") == {(): pytest.approx(40)}
    assert values("aip_report_trend_start_timestamp_seconds", period="week", ago="4") == {
        (): moment("2026-10-19T00:00")
    }
    assert values("aip_report_trend_cost_dollars") == {}


@pytest.mark.parametrize(
    ("zone", "now", "hours"),
    [
        (TOKYO, "2026-10-26T12:00", 24),
        ("Europe/Berlin", "2026-10-26T12:00", 25),
        ("Europe/Berlin", "2026-03-30T12:00", 23),
        ("America/Sao_Paulo", "2018-11-05T12:00", 23),  # clocks went forward at midnight
        ("Australia/Lord_Howe", "2026-10-05T12:00", 23.5),
    ],
)
def test_days_and_weeks_are_those_of_the_zone_whatever_its_clocks_do(office, scene, zone, now, hours):
    """A day on which clocks change is the day before `now`; its week ends with it, because `now` is a Monday."""
    office.write(timezone=zone)
    with showing(office, Clock(moment(now, zone)), TrendsCollector) as values:
        start = values("aip_report_trend_start_timestamp_seconds", period="day")["0",]
        end = start + hours * 3600
        for at in (start - 0.5, start, end - 0.5, end):
            scene.finish(at=at)
    with showing(office, Clock(moment(now, zone)), TrendsCollector) as values:
        days = values("aip_report_trend_runs", period="day")
        assert days == {("0", "success"): 2, ("1", "success"): 1}
        assert values("aip_report_trend_runs", period="week") == {("0", "success"): 3}


def test_what_was_over_before_the_ledger_began_is_left_out(office, clock):
    with showing(office, clock, TrendsCollector) as values:
        assert values("aip_report_trend_start_timestamp_seconds").keys() == {("0", "day"), ("0", "week")}
    ledger = office.ledger()
    with ledger.write() as db:
        born_at = str(moment("2026-11-24T09:00"))
        db.exec_driver_sql("UPDATE facts SET value = ? WHERE key = 'born_at'", (born_at,))
    ledger.close()
    with showing(office, clock, TrendsCollector) as values:
        shown = values("aip_report_trend_start_timestamp_seconds")
        assert shown.keys() == {("0", "day"), ("1", "day"), ("2", "day"), ("0", "week")}


def test_days_without_runs_stay_known_when_the_totals_were_moved(office, clock, ledger):
    """By a restore, or an import that was counted: the counters begin anew then, the ledger does not."""
    with ledger.write() as db:
        db.execute(facts.update().where(facts.c.key == "born_at").values(value=str(moment("2026-11-01T09:00"))))
        begin_counters_anew(db, moment(NOON))
    with showing(office, clock, TrendsCollector) as values:
        shown = values("aip_report_trend_start_timestamp_seconds")
    assert shown.keys() == {*((str(ago), "day") for ago in range(8)), *((str(ago), "week") for ago in range(4))}


def test_what_a_restored_ledger_learns_of_a_closed_day_is_shown(values, ledger, clock):
    """The day was shown before GitHub was asked what the backup had missed."""
    assert values("aip_report_trend_runs") == {}
    pull = replace(pull_request(1), created_at=datetime.fromtimestamp(moment("2026-11-25T10:00"), UTC))
    found = Found(pull=pull, run_id="7-a", ref=IssueRef(pull.repository, 7), sequence=1, title="Greet the world",
                  priority=Priority.HIGH, issue_created_at=0.0)  # fmt: skip
    with ledger.write() as db:
        adopt(db, found, clock.now)
    clock.now += 1
    assert values("aip_report_trend_runs", period="day") == {("1", "success"): 1}
    with ledger.read() as db:
        assert queries.read_snapshot(db).totals_moved_at == moment(NOON)


def test_a_merge_that_is_noticed_late_still_counts_in_its_week(values, scene, ledger, clock):
    run_id = scene.finish(at=moment("2026-11-20T12:00"))
    merged_at = moment("2026-11-22T23:59")
    assert values("aip_report_trend_pull_requests") == {}
    with ledger.write() as db:
        pull_requests.record_opened(db, runs.get(db, run_id), pull_request(1), merged_at)
        merged = pull_request(1, is_open=False, is_merged=True, closed_at=merged_at)
        pull_requests.record_follow_up(db, merged, Reviews(ReviewState.NONE), CiState.NONE, clock.now)
    clock.now += 60
    assert values("aip_report_trend_pull_requests") == {("0", "week", "merged"): 1, ("4", "day", "merged"): 1}


def test_incidents_are_counted_by_severity_and_the_most_frequent_by_alert(office, ledger, clock):
    with ledger.write() as db:
        for number in range(12):
            for minute in range(2 if number < 10 else 1):
                notice = AlertNotice(
                    fingerprint=f"f{number}", alert=f"Alert{number:02}", severity="high" if number else "page",
                    labels={}, annotations={}, status=AlertStatus.FIRING, ends_at=None,
                    starts_at=moment(f"2026-11-26T09:0{minute}"),
                )  # fmt: skip
                incidents.record(db, notice, clock.now)
    with showing(office, clock, IncidentsCollector) as values:
        assert values("aip_report_incidents") == {("day", "high"): 20, ("day", "other"): 2}
        by_alert = values("aip_report_alert_incidents", period="day")
    assert by_alert == {(f"Alert{number:02}",): 2 for number in range(10)} | {("other",): 2}
