"""What stays of the backups: days, weeks, the newest sound one always."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from processor.operations.backup.manifest import Contents, Manifest
from processor.operations.backup.retention import superfluous
from processor.operations.backup.store import Entry, Verification

TOKYO = ZoneInfo("Asia/Tokyo")
CONTENTS = Contents(schema="0001", runs=0, totals_sha256="")


def entry(at: datetime, *, is_sound: bool = True) -> Entry:
    name = f"aip-{at:%Y%m%dT%H%M%SZ}"
    return Entry(
        folder=Path(name),
        manifest=Manifest(
            name=name, made_at=at.timestamp(), host="h", version="1", database="sqlite", contents=CONTENTS, items=()
        ),
        verification=Verification(at=0, problem="" if is_sound else "is damaged"),
    )


def nights(count: int) -> list[Entry]:
    """One a night at 02:30 in Tokyo, the newest on a Sunday."""
    newest = datetime(2026, 11, 22, 2, 30, tzinfo=TOKYO).astimezone(UTC)
    return [entry(newest - timedelta(days=ago)) for ago in range(count)]


def kept(entries: list[Entry], **rules: int) -> list[str]:
    gone = superfluous(entries, **{"keep_daily": 7, "keep_weekly": 4, **rules}, zone=TOKYO)
    return [one.name for one in entries if one not in gone]


def test_seven_days_and_four_weeks_stay_by_the_days_of_the_zone():
    # 02:30 in Tokyo is 17:30 of the day before in UTC: Sunday night belongs to the week that ends.
    assert kept(nights(60)) == [nights(60)[ago].name for ago in (0, 1, 2, 3, 4, 5, 6, 7, 14, 21)]


def test_of_several_on_one_day_the_newest_stays():
    base = nights(1)[0]
    later = entry(datetime.fromtimestamp(base.manifest.made_at, UTC) + timedelta(hours=3))
    assert kept([base, later], keep_weekly=0) == [later.name]


def test_a_damaged_one_counts_for_nothing_and_goes_when_a_newer_one_is_sound():
    old, newer = nights(2)[1], nights(2)[0]
    damaged_new = entry(datetime(2026, 11, 22, 9, 0, tzinfo=UTC), is_sound=False)
    damaged_old = entry(datetime(2026, 11, 1, 9, 0, tzinfo=UTC), is_sound=False)
    assert kept([damaged_new, newer, old, damaged_old]) == [damaged_new.name, newer.name, old.name]
    assert kept([damaged_new, damaged_old]) == [damaged_new.name, damaged_old.name]


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.booleans()), min_size=1, unique_by=lambda pair: pair[0]),
    st.integers(1, 10),
    st.integers(0, 10),
)
def test_the_newest_sound_one_always_stays_and_no_more_than_asked_for(made, daily, weekly):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    entries = [entry(start + timedelta(hours=hour), is_sound=is_sound) for hour, is_sound in made]
    left = kept(entries, keep_daily=daily, keep_weekly=weekly)
    sound = sorted(one.name for one in entries if one.is_good)
    if sound:
        assert sound[-1] in left
    assert len([name for name in left if name in sound]) <= daily + weekly
