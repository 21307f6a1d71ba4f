"""Capacity says what may start; what it holds back stays in the backlog."""

import pytest

from processor.intake.capacity import any_priority, capacity_of, levels_of, may_start
from processor.model import Priority
from processor.settings.sections import LevelName, MainFile

CRITICAL, HIGH, MEDIUM, LOW = Priority


@pytest.mark.parametrize(
    ("level", "parallel", "starts", "seconds"),
    [
        ("low", 5, [CRITICAL, HIGH, MEDIUM, LOW], 600),
        ("medium", 3, [CRITICAL, HIGH], 900),
        ("high", 1, [CRITICAL], 1800),
    ],
)
def test_the_levels_are_those_of_the_handbook(
    level: LevelName, parallel: int, starts: list[Priority], seconds: float
) -> None:
    capacity = capacity_of(MainFile(max_parallel=64), level)
    assert (capacity.parallel, capacity.poll_interval_seconds) == (parallel, seconds)
    assert [priority for priority in Priority if may_start(priority, capacity)] == starts


def test_low_priority_comes_after_everything_else_under_low_load() -> None:
    capacity = capacity_of(MainFile(), "low")
    assert (capacity.priorities, capacity.then_priorities) == ({CRITICAL, HIGH, MEDIUM}, {LOW})


def test_a_host_may_be_too_small_for_the_level() -> None:
    assert capacity_of(MainFile(max_parallel=2), "low").parallel == 2
    assert capacity_of(MainFile(max_parallel=2), "high").parallel == 1


def test_a_fixed_poll_interval_holds_at_every_level() -> None:
    main = MainFile.model_validate({"intake": {"poll_interval_seconds": 7}})
    assert {capacity_of(main, level).poll_interval_seconds for level in ("low", "medium", "high")} == {7}


def test_it_is_known_at_which_levels_a_priority_runs() -> None:
    assert [levels_of(priority, MainFile()) for priority in Priority] == [
        ("low", "medium", "high"),
        ("low", "medium"),
        ("low",),
        ("low",),
    ]


def test_a_single_issue_needs_no_level() -> None:
    assert all(may_start(priority, any_priority(MainFile())) for priority in Priority)
