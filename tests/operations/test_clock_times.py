"""A time of day comes once a day, on days whose clocks change too."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from processor.model.clock_times import last_due

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 24 * 3600


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_it_was_due_today_or_yesterday():
    assert last_due(at("2026-11-22T17:30:00+00:00"), "02:30", ZoneInfo("Asia/Tokyo")) == at("2026-11-22T17:30:00+00:00")
    assert last_due(at("2026-11-22T17:29:59+00:00"), "02:30", ZoneInfo("Asia/Tokyo")) == at("2026-11-21T17:30:00+00:00")


def test_a_time_that_the_clock_leaves_out_comes_as_long_after_midnight_as_ever():
    assert last_due(at("2026-03-29T12:00:00+00:00"), "02:30", BERLIN) == at("2026-03-29T01:30:00+00:00")


def test_of_a_time_that_comes_twice_the_first_counts():
    assert last_due(at("2026-10-25T12:00:00+00:00"), "02:30", BERLIN) == at("2026-10-25T00:30:00+00:00")


@given(
    st.floats(at("2026-01-01T00:00:00+00:00"), at("2028-01-01T00:00:00+00:00")),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "UTC"]),
)
def test_it_is_never_more_than_a_day_ago_and_the_next_one_is_another_day(now, hour, minute, zone):
    place = ZoneInfo(zone)
    due = last_due(now, f"{hour:02}:{minute:02}", place)
    assert now - DAY - 3600 <= due <= now
    following = last_due(due + DAY + 3600, f"{hour:02}:{minute:02}", place)
    days = datetime.fromtimestamp(following, place).date() - datetime.fromtimestamp(due, place).date()
    assert days.days == 1
    assert datetime.fromtimestamp(due, UTC) <= datetime.fromtimestamp(now, UTC)
