"""A duty whose interval changes comes as if it had had the new one since its last turn."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from processor.service.rearming import rearm


@pytest.fixture
def clock() -> Iterator[BackgroundScheduler]:
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.start(paused=True)
    yield scheduler
    scheduler.shutdown(wait=False)


def plan(clock: BackgroundScheduler, interval: float, comes_in: float) -> datetime:
    """Plan a turn, and give the moment that it is counted from."""
    now = datetime.now(UTC)
    at = now + timedelta(seconds=comes_in)
    clock.add_job(print, "interval", seconds=interval, id="poll", next_run_time=at)
    return now


def comes_in(clock: BackgroundScheduler, now: datetime) -> float:
    return float((clock.get_job("poll").next_run_time - now).total_seconds())


@pytest.mark.parametrize(
    ("earlier", "planned", "seconds", "then"),
    [(600, 500, 1800, 1700), (1800, 1700, 600, 500), (600, 500, 600, 500)],
    ids=["longer", "shorter", "the same"],
)
def test_the_next_turn_is_counted_from_the_last(
    clock: BackgroundScheduler, earlier: float, planned: float, seconds: float, then: float
) -> None:
    now = plan(clock, earlier, planned)
    rearm(clock, "poll", earlier=earlier, seconds=seconds)
    assert comes_in(clock, now) == then


def test_a_turn_that_is_overdue_by_the_new_interval_is_now(clock: BackgroundScheduler) -> None:
    now = plan(clock, 1800, 900)
    rearm(clock, "poll", earlier=1800, seconds=600)
    assert 0 <= comes_in(clock, now) < 300


@pytest.mark.parametrize("planned", [30, 2400], ids=["tried again soon", "GitHub said when"])
def test_a_turn_that_was_moved_stays_where_it_is(clock: BackgroundScheduler, planned: float) -> None:
    now = plan(clock, 600, planned)
    rearm(clock, "poll", earlier=600, seconds=1800, moved_to=now + timedelta(seconds=planned))
    assert comes_in(clock, now) == planned
    assert clock.get_job("poll").trigger.interval == timedelta(seconds=1800)


def test_a_duty_that_is_not_planned_is_left_alone(clock: BackgroundScheduler) -> None:
    rearm(clock, "poll", earlier=600, seconds=1800)
    assert clock.get_job("poll") is None
