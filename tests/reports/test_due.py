"""When a report is due, whatever the clocks of the zone do."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.model import ReportKind
from processor.reports.due import due_at, due_reports, newest_closed
from processor.reports.readings import first_day_of, period_of
from tests.reports.scene import TOKYO, at

DAILY, WEEKLY = ReportKind
ZONES = ("Asia/Tokyo", "Europe/Paris", "America/New_York", "Australia/Lord_Howe")
HALF_PAST_EIGHT, NINE = time(8, 30), time(9)
_zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
_clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
_days = st.dates(date(2020, 1, 1), date(2036, 1, 1))


def _due(kind: ReportKind, now: float, last: date | None, **given_: object) -> tuple[date, ...]:
    values = {"at": HALF_PAST_EIGHT if kind is DAILY else NINE, "zone": TOKYO, "born_at": 0.0, "make_up": 7} | given_
    return due_reports(kind, now, values["at"], values["zone"], last=last, born_at=values["born_at"],
                       make_up=values["make_up"])  # fmt: skip


def test_the_day_is_due_at_half_past_eight_of_the_next_one() -> None:
    yesterday = date(2026, 11, 26)
    assert _due(DAILY, at("2026-11-27T08:29:59"), yesterday - timedelta(days=1)) == ()
    assert _due(DAILY, at("2026-11-27T08:30"), yesterday - timedelta(days=1)) == (yesterday,)
    assert _due(DAILY, at("2026-11-27T08:31"), yesterday) == ()


def test_the_week_is_due_on_monday_at_nine() -> None:
    monday = date(2026, 11, 16)
    assert _due(WEEKLY, at("2026-11-23T08:59:59"), date(2026, 11, 9)) == ()
    assert _due(WEEKLY, at("2026-11-23T09:00"), date(2026, 11, 9)) == (monday,)


def test_what_was_missed_is_made_up_oldest_first_and_not_without_end() -> None:
    now = at("2026-11-27T12:00")
    assert _due(DAILY, now, date(2026, 11, 23)) == tuple(date(2026, 11, day) for day in (24, 25, 26))
    assert _due(DAILY, now, date(2026, 1, 1), make_up=2) == (date(2026, 11, 25), date(2026, 11, 26))
    assert _due(WEEKLY, now, date(2026, 11, 2)) == (date(2026, 11, 9), date(2026, 11, 16))


def test_the_first_report_is_of_the_last_period_and_nothing_is_before_the_ledger() -> None:
    now = at("2026-11-27T12:00")
    assert _due(DAILY, now, None) == (date(2026, 11, 26),)
    assert _due(DAILY, now, None, born_at=at("2026-11-27T01:00")) == ()
    assert _due(DAILY, now, None, born_at=at("2026-11-26T23:00")) == (date(2026, 11, 26),)


def test_a_report_at_midnight_waits_until_the_day_is_written_down() -> None:
    assert due_at(DAILY, date(2026, 11, 26), time(0), TOKYO) == at("2026-11-27T00:01")


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        ("Europe/Paris", date(2026, 3, 28), time(2, 30), "2026-03-29T03:30"),  # there is no 02:30
        ("Europe/Paris", date(2026, 10, 24), time(2, 30), "2026-10-25T02:30"),  # there are two
        ("Australia/Lord_Howe", date(2026, 4, 4), time(1, 45), "2026-04-05T01:45"),  # half an hour comes twice
    ],
)
def test_where_clocks_change_a_report_is_made_once(zone: str, day: date, clock: time, expected: str) -> None:
    assert due_at(DAILY, day, clock, ZoneInfo(zone)) == at(expected, ZoneInfo(zone))


@given(day=_days, zone=_zones, clock=_clocks, kind=st.sampled_from(ReportKind))
def test_every_period_is_due_exactly_once_in_its_turn(day: date, zone: ZoneInfo, clock: time, kind: ReportKind) -> None:
    first = first_day_of(kind, day)
    after = first_day_of(kind, first + timedelta(days=8 if kind is WEEKLY else 1))
    moment = due_at(kind, first, clock, zone)
    assert period_of(kind, first, zone).end < moment < due_at(kind, after, clock, zone)
    before = first - (after - first)
    assert _due(kind, moment, before, at=clock, zone=zone) == (first,)
    assert _due(kind, moment - 1, before, at=clock, zone=zone) == ()
    assert _due(kind, moment, first, at=clock, zone=zone) == ()


@given(now=st.floats(1.6e9, 2.1e9), zone=_zones, kind=st.sampled_from(ReportKind))
def test_the_newest_closed_period_is_over_and_the_next_is_not(now: float, zone: ZoneInfo, kind: ReportKind) -> None:
    first = newest_closed(kind, now, zone)
    period = period_of(kind, first, zone)
    following = period_of(kind, first + timedelta(days=7 if kind is WEEKLY else 1), zone)
    assert period.end <= now - 60 < following.end
    assert following.start == period.end
    assert datetime.fromtimestamp(period.start, zone).time() == time(0) or kind is WEEKLY
