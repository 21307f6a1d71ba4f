"""Each section is due once a day or once a week on the clock of the zone, whatever its clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from processor.model import Checklist, date_of, newest_turn, overdue_seconds

ZONES = ["Asia/Tokyo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns"]
TOKYO = ZoneInfo("Asia/Tokyo")
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda one: one.replace(tzinfo=UTC).timestamp())  # noqa: DTZ001
times = st.times().map(lambda one: one.replace(second=0, microsecond=0))


def tokyo(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).timestamp()


@given(now=moments, at=times, zone=st.sampled_from(ZONES).map(ZoneInfo), checklist=st.sampled_from([*Checklist]))
def test_the_newest_turn_is_the_last_that_is_due(now, at, zone, checklist):
    turn = newest_turn(checklist, "quality", at, zone, now)
    longest = timedelta(days=1 if checklist is Checklist.DAILY else 7, hours=2).total_seconds()
    assert 0 <= now - turn.due_at < longest
    local = datetime.fromtimestamp(turn.due_at, zone)
    assert local.date() == turn.date
    assert local.time() == at or local.time() > at  # clocks went forward over that time
    if checklist is Checklist.WEEKLY:
        assert turn.date.weekday() == 0


@given(start=moments, at=times, zone=st.sampled_from(ZONES).map(ZoneInfo))
def test_each_date_has_its_turn_and_none_comes_twice(start, at, zone):
    seen = [
        newest_turn(Checklist.DAILY, "quality", at, zone, start + 900 * quarter).date for quarter in range(4 * 24 * 4)
    ]
    changes = [one for place, one in enumerate(seen) if place == 0 or one != seen[place - 1]]
    assert changes == [changes[0] + timedelta(days=ago) for ago in range(len(changes))]


def test_the_weekly_list_has_the_date_of_its_monday():
    assert date_of(Checklist.WEEKLY, tokyo("2026-11-29T23:59"), TOKYO) == date(2026, 11, 23)
    before = newest_turn(Checklist.WEEKLY, "maintenance", time(10), TOKYO, tokyo("2026-11-23T09:59"))
    assert (before.date, before.due_at) == (date(2026, 11, 16), tokyo("2026-11-16T10:00"))


def test_what_nobody_did_is_overdue_since_its_time():
    now = tokyo("2026-11-26T12:00")
    turns = [
        newest_turn(Checklist.DAILY, name, time(9, at), TOKYO, now) for name, at in (("metrics", 30), ("quality", 45))
    ]
    today = date(2026, 11, 26)
    assert overdue_seconds(turns, [], made_at=0, now=now) == 9000
    assert overdue_seconds(turns, [("metrics", today)], made_at=0, now=now) == 8100
    assert overdue_seconds(turns, [("metrics", today), ("quality", today)], made_at=0, now=now) == 0
    assert overdue_seconds(turns, [], made_at=tokyo("2026-11-26T09:40"), now=now) == 8100
