"""Reports and their deliveries in the ledger, and the hours of hosts; PostgreSQL repeats these tests."""

import threading

import pytest

from processor.ledger import families, host_hours, queries, reports
from processor.ledger.connection import Ledger
from processor.ledger.host_hours import HostReading
from processor.ledger.reports import MadeReport
from processor.model import ReportChannel, ReportKind

EMAIL, WEBHOOK = ReportChannel
NOW = 1_800_000_000.0


def _report(date: str = "2026-11-26", by: str = "host-a") -> MadeReport:
    return MadeReport(kind=ReportKind.DAILY, date=date, made_at=NOW, made_by=by, content='{"date": "x"}')


def test_of_several_services_one_reports_a_period(ledger: Ledger) -> None:
    gate, made = threading.Barrier(4), []

    def report(name: str) -> None:
        gate.wait()
        with ledger.write() as db:
            made.append(reports.record(db, _report(by=name), [EMAIL]))

    threads = [threading.Thread(target=report, args=(f"host-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False, False, False, True]
    with ledger.read() as db:
        assert len(queries.reports_made(db, 10)) == 1
        assert queries.last_reported(db) == {"daily": "2026-11-26"}
        assert queries.report_content(db, "daily", "2026-11-26") == '{"date": "x"}'
        assert queries.report_content(db, "daily", "2026-11-25") is None


def test_a_delivery_is_taken_on_by_one_service_and_freed_when_that_one_dies(ledger: Ledger) -> None:
    with ledger.write() as db:
        reports.record(db, _report(), [EMAIL])
        taken = reports.take_on_delivery(db, [EMAIL], NOW)
        assert taken is not None
        assert taken.attempts == 1
        assert reports.take_on_delivery(db, [EMAIL], NOW) is None
        assert not queries.is_delivery_due(db, NOW)
        again = reports.take_on_delivery(db, [EMAIL], NOW + 300)
        assert again is not None
        assert again.attempts == 2
        reports.note_delivered(db, again, NOW + 301)
        assert reports.take_on_delivery(db, [EMAIL], NOW + 10_000) is None


def test_a_service_that_was_too_slow_takes_no_word_of_the_next_one_back(ledger: Ledger) -> None:
    with ledger.write() as db:
        reports.record(db, _report(), [EMAIL])
        slow = reports.take_on_delivery(db, [EMAIL], NOW)
        following = reports.take_on_delivery(db, [EMAIL], NOW + 300)
        assert slow is not None
        assert following is not None
        reports.note_failed(db, slow, "too late to matter", NOW + 310)
        assert not queries.is_delivery_due(db, NOW + 310)
        reports.note_delivered(db, slow, NOW + 320)
        reports.note_failed(db, following, "the server is away", NOW + 330)
        reports.note_delivered(db, following, NOW + 340)
        (made,) = queries.reports_made(db, 1)
        assert [(one.state, one.last_error) for one in made.deliveries] == [("delivered", None)]
        counted = queries.totals_of(db, families.REPORT_DELIVERIES)
        assert {total.labels["result"]: total.value for total in counted} == {"delivered": 1}


def test_what_is_given_up_or_withdrawn_waits_no_more(ledger: Ledger) -> None:
    with ledger.write() as db:
        reports.record(db, _report(), [EMAIL, WEBHOOK])
        assert queries.read_snapshot(db).undelivered_since == {"email": NOW, "webhook": NOW}
        first = reports.take_on_delivery(db, [EMAIL], NOW)
        assert first is not None
        reports.note_failed(db, first, "the server is away", None)
        assert reports.withdraw_deliveries(db, [EMAIL]) == 1
        (made,) = queries.reports_made(db, 1)
        assert [(one.channel, one.state, one.last_error) for one in made.deliveries] == [
            ("email", "given_up", "the server is away"), ("webhook", "withdrawn", None),
        ]  # fmt: skip
        snapshot = queries.read_snapshot(db)
        assert snapshot.undelivered_since == {}
        assert snapshot.reports_made_at == {"daily": NOW}


def test_an_hour_of_a_host_keeps_means_and_maxima(ledger: Ledger) -> None:
    hour = NOW // 3600 * 3600
    with ledger.write() as db:
        for minute, cpu in enumerate((0.2, 0.4, 0.9)):
            reading = HostReading(cpu_ratio=cpu, memory_ratio=0.5, disk_ratio=0.3 + cpu / 10, load_per_core=2 * cpu)
            host_hours.add_reading(db, "host-a", reading, hour + 60 * minute)
        used = queries.host_use_between(db, hour, hour + 3600)["host-a"]
        assert (used.readings, used.cpu_max, used.memory_max) == (3, 0.9, 0.5)
        assert (used.cpu_mean, used.load_mean, used.disk_max) == (
            pytest.approx(0.5), pytest.approx(1.0), pytest.approx(0.39),
        )  # fmt: skip
        assert queries.host_use_between(db, hour + 3600, hour + 7200) == {}


def test_hours_that_no_report_looks_back_at_are_forgotten(ledger: Ledger) -> None:
    reading = HostReading(cpu_ratio=0.1, memory_ratio=0.1, disk_ratio=0.1, load_per_core=0.1)
    with ledger.write() as db:
        host_hours.add_reading(db, "host-a", reading, NOW - 71 * 86_400)
        host_hours.add_reading(db, "host-a", reading, NOW - 69 * 86_400)
        host_hours.add_reading(db, "host-a", reading, NOW)
        assert queries.host_use_between(db, 0, NOW + 3600)["host-a"].readings == 2
