"""A poll that is asked for while one is under way comes after it, and is no skipped turn."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from processor.service.poll_clock import PollClock
from processor.service.polls import NextPoll


@dataclass
class Place:
    """A clock whose polls last until they are let go, and what was skipped of them."""

    scheduler: BackgroundScheduler = field(default_factory=lambda: BackgroundScheduler(timezone=UTC))
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may_end: threading.Event = field(default_factory=threading.Event)
    skipped: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    taken_up: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = PollClock(self.scheduler, "poll")
        self.scheduler.add_listener(self._note, EVENT_JOB_MAX_INSTANCES)

    def poll(self) -> None:
        self.begun.release()
        assert self.may_end.wait(60)

    def _note(self, event: JobSubmissionEvent) -> None:
        self.taken_up.append(self.clock.takes_up(event))
        self.skipped.release()


@pytest.fixture
def every() -> Iterator[Callable[[float], Place]]:
    """Begin a first poll at once, with so many seconds to the next one."""
    place = Place()

    def begin(seconds: float) -> Place:
        place.scheduler.start()
        place.scheduler.add_job(place.poll, "interval", seconds=seconds, id="poll", next_run_time=datetime.now(UTC))
        assert place.begun.acquire(timeout=60)
        return place

    yield begin
    place.may_end.set()
    place.scheduler.shutdown()


def test_what_is_asked_for_during_a_poll_comes_when_that_has_ended(every: Callable[[float], Place]) -> None:
    place = every(3600)
    place.clock.plan(NextPoll(at_the_latest=datetime.now(UTC)))
    assert place.skipped.acquire(timeout=60)
    assert place.taken_up[0] is True
    place.may_end.set()
    assert place.begun.acquire(timeout=60)  # within the hour
    assert all(place.taken_up)


def test_a_poll_that_lasts_longer_than_its_interval_is_skipped(every: Callable[[float], Place]) -> None:
    place = every(0.1)
    assert place.skipped.acquire(timeout=60)
    assert place.taken_up[0] is False


def test_where_a_turn_was_put_is_remembered(every: Callable[[float], Place]) -> None:
    place = every(3600)
    assert place.clock.moved_to is None
    later = datetime.now(UTC) + timedelta(hours=3)
    place.clock.plan(NextPoll(at_the_earliest=later))
    assert place.clock.moved_to == later == place.scheduler.get_job("poll").next_run_time
