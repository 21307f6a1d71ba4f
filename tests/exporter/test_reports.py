"""The last closed day and week: exact, and summed up once."""

import pytest
from sqlalchemy import event

from exporter.collectors.reports import ReportsCollector
from exporter.ledger_reading import LedgerReading
from exporter.surroundings import Surroundings
from processor.ledger.queries import LedgerDoor
from processor.model import Outcome, Priority
from processor.settings.load import load_settings
from tests.exporter.moments import Clock, moment, showing

NOON = "2026-11-27T12:00"  # a Friday


@pytest.fixture
def clock():
    return Clock(moment(NOON))


@pytest.fixture
def values(office, clock):
    with showing(office, clock, ReportsCollector) as ask:
        yield ask


def test_only_what_ended_in_the_period_counts(values, scene):
    for text in ("2026-11-25T23:59:59.999", "2026-11-26T00:00", "2026-11-26T23:59:59.999", "2026-11-27T00:00"):
        scene.finish(at=moment(text))
    scene.finish(Outcome.TIMEOUT, at=moment("2026-11-26T09:10"), priority=Priority.LOW)
    scene.finish(Outcome.ERROR, at=moment("2026-11-16T00:00"))
    assert values("aip_report_runs", period="day") == {("success", "high"): 2, ("timeout", "low"): 1}
    assert values("aip_report_runs", period="week") == {("error", "high"): 1}
    assert values("aip_report_errors", period="day") == {("agent_exit",): 1}
    assert values("aip_report_hour_runs") == {("0", "success"): 1, ("9", "timeout"): 1, ("23", "success"): 1}
    assert values("aip_report_duration_seconds_mean", period="day") == {(): pytest.approx(40)}
    assert values("aip_report_duration_seconds_max", period="day") == {(): pytest.approx(40)}
    assert values("aip_report_duration_runs", period="day") == {("fast",): 3}
    assert values("aip_report_phase_seconds", period="day") == {("agent",): pytest.approx(120)}
    assert values("aip_report_period_start_timestamp_seconds", period="day") == {(): moment("2026-11-26T00:00")}


def test_a_period_without_runs_has_no_mean(values, scene):
    scene.finish(at=moment("2026-11-27T01:00"))
    assert values("aip_report_duration_seconds_mean") == {}
    assert values("aip_report_period_start_timestamp_seconds", period="week") == {(): moment("2026-11-16T00:00")}


def test_a_period_is_reported_a_minute_after_its_end(values, scene, clock):
    scene.finish(at=moment("2026-11-27T23:59:59"))
    clock.now = moment("2026-11-28T00:00:59")
    assert values("aip_report_period_start_timestamp_seconds", period="day") == {(): moment("2026-11-26T00:00")}
    clock.now = moment("2026-11-28T00:01")
    assert values("aip_report_runs", period="day") == {("success", "high"): 1}


def test_a_closed_period_is_summed_up_once(office, scene, clock):
    scene.finish(at=moment("2026-11-26T12:00"))
    settings = load_settings(office.root / "configs", {})
    door = LedgerDoor(settings.main.state)
    reading = LedgerReading(door)
    collector = ReportsCollector(Surroundings(settings, reading, clock))
    first = list(collector.collect())
    statements: list[str] = []
    with door.read() as db:
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    again = list(collector.collect())
    assert [statement for statement in statements if "finished_at" in statement and "avg" in statement] == []
    assert [metric.samples for metric in again] == [metric.samples for metric in first]
    reading.close()


def test_an_hour_that_comes_twice_is_one(office, scene):
    zone = "Europe/Paris"
    office.write(timezone=zone)
    for fold in (0, 1):
        scene.finish(at=moment("2026-10-25T02:30", zone, fold=fold))
    with showing(office, Clock(moment("2026-10-26T09:00", zone)), ReportsCollector) as values:
        assert values("aip_report_hour_runs") == {("2", "success"): 2}
