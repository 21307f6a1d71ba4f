"""A signal is heard at whatever moment it comes, by everybody who waits."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from processor.service.stop_signals import StopSignals, Word


@pytest.fixture
def signals() -> Iterator[StopSignals]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    made = StopSignals()
    made.listen()
    yield made
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_first_drains_and_the_second_leaves(signals: StopSignals) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    assert signals.stop.wait(10)
    assert not signals.leave_at_once.is_set()
    os.kill(os.getpid(), signal.SIGINT)
    assert signals.leave_at_once.wait(10)


def test_a_word_that_is_not_given_is_waited_for_so_long() -> None:
    begun = time.monotonic()
    assert not Word().wait(0.05)
    assert time.monotonic() - begun >= 0.05


def test_a_word_is_heard_by_all_who_wait_and_who_come_later() -> None:
    word = Word()
    with ThreadPoolExecutor(3) as people:
        waiting = [people.submit(word.wait, 30) for _ in range(3)]
        word.set()
        assert [one.result(10) for one in waiting] == [True] * 3
    word.set()
    assert word.wait(0)
