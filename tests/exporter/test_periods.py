"""Closed days and weeks in a time zone, whatever its clocks do."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.model import Period, closed_days, closed_weeks, hours_of

TOKYO = ZoneInfo("Asia/Tokyo")
#: With changes at midnight, by half an hour, at an odd offset, and none.
ZONES = (
    "Asia/Tokyo",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)


def _at(text: str, zone: str = "Asia/Tokyo") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def last_closed(now: float, zone: ZoneInfo) -> tuple[Period, Period]:
    (day,), (week,) = closed_days(now, zone, 1), closed_weeks(now, zone, 1)
    return day, week


def test_the_day_is_yesterday_and_the_week_is_the_one_before():
    day, week = last_closed(_at("2026-11-27T10:00"), TOKYO)  # a Friday
    assert (day.start, day.end) == (_at("2026-11-26T00:00"), _at("2026-11-27T00:00"))
    assert (week.start, week.end) == (_at("2026-11-16T00:00"), _at("2026-11-23T00:00"))


def test_at_midnight_on_monday_both_move():
    just_before, at_midnight = _at("2026-11-29T23:59:59"), _at("2026-11-30T00:00")
    assert last_closed(just_before, TOKYO)[1].end == _at("2026-11-23T00:00")
    day, week = last_closed(at_midnight, TOKYO)
    assert day.end == week.end == at_midnight


@pytest.mark.parametrize(
    ("now", "zone", "hours", "missing", "doubled"),
    [
        ("2026-03-30T12:00", "Europe/Berlin", 23, {"2"}, set()),
        ("2026-10-26T12:00", "Europe/Berlin", 25, set(), {"2"}),
        ("2026-07-01T12:00", "Europe/Berlin", 24, set(), set()),
    ],
)
def test_a_day_on_which_clocks_change_has_another_number_of_hours(now, zone, hours, missing, doubled):
    day, _ = last_closed(_at(now, zone), ZoneInfo(zone))
    assert day.end - day.start == hours * 3600
    labels = [label for label, _ in hours_of(day)]
    assert {str(hour) for hour in range(24)} - set(labels) == missing
    assert {label for label in labels if labels.count(label) > 1} == doubled


@given(
    now=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2036, 1, 1)),  # noqa: DTZ001  # made UTC below
    zone=st.sampled_from(ZONES),
)
def test_hours_cover_a_day_without_a_gap_and_belong_to_it(now, zone):
    moment = now.replace(tzinfo=UTC).timestamp()
    day, week = last_closed(moment, ZoneInfo(zone))
    assert day.end <= moment < day.end + 26 * 3600
    assert week.end <= moment < week.end + 8 * 86400
    assert datetime.fromtimestamp(week.start, ZoneInfo(zone)).weekday() == 0
    pieces = list(hours_of(day))
    assert [pieces[0][1].start, pieces[-1][1].end] == [day.start, day.end]
    assert all(one.end == next_.start for (_, one), (_, next_) in pairwise(pieces))
    for label, piece in pieces:
        last = datetime.fromtimestamp(piece.end, UTC) - timedelta(microseconds=1)
        assert {str(datetime.fromtimestamp(piece.start, day.zone).hour), str(last.astimezone(day.zone).hour)} == {label}
