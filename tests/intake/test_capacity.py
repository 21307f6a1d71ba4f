"""Capacity says what may start; what it holds back stays in the backlog."""

import pytest

from processor.intake.capacity import MEDIUM, Capacity, may_start
from processor.model import Priority


@pytest.mark.parametrize("priority", Priority)
def test_the_fixed_level_leaves_no_priority_waiting_for_ever(priority: Priority) -> None:
    assert may_start(priority, MEDIUM)
    assert (MEDIUM.level, MEDIUM.parallel) == ("medium", 3)


def test_a_level_holds_back_what_it_does_not_name() -> None:
    high = Capacity(level="high", parallel=1, priorities=frozenset({Priority.CRITICAL}))
    assert [priority for priority in Priority if may_start(priority, high)] == [Priority.CRITICAL]
