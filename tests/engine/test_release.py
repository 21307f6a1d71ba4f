"""Which queued runs may start now."""

from dataclasses import replace

from processor.engine.release import choose_releases
from processor.engine.room import Room
from processor.intake.capacity import Capacity
from processor.ledger.records import RunRecord
from processor.model import IssueRef, Priority, RunState

ALL = Capacity(level="low", parallel=3, priorities=frozenset(Priority))
BLANK = RunRecord(
    run_id="",
    ref=IssueRef("octo/hello", 1),
    sequence=1,
    title="",
    priority=Priority.MEDIUM,
    issue_created_at=0.0,
    branch="",
    state=RunState.QUEUED,
    phase=None,
    is_dry_run=False,
    is_forced=False,
    is_canary=False,
    requested_by="poll",
    previous_pull_request=None,
    discovered_at=0.0,
    queued_at=0.0,
    released_at=None,
    started_at=None,
    finished_at=None,
    released_by=None,
    executed_by=None,
    cancel_requested_at=None,
    cancel_requested_by=None,
    attempts=0,
    agent=None,
    base_commit=None,
    base_branch=None,
    commit_sha=None,
    gate_passed=None,
    gate_score=None,
    agent_summary=None,
    pull_request=None,
    pull_request_url=None,
    outcome=None,
    error_type=None,
    error_message=None,
    is_dead_letter=False,
)


def backlog(*priorities: Priority, repository: str = "octo/hello") -> tuple[RunRecord, ...]:
    return tuple(
        replace(BLANK, run_id=f"{number}-x", ref=IssueRef(repository, number), priority=priority)
        for number, priority in enumerate(priorities, start=1)
    )


def chosen(
    queue: tuple[RunRecord, ...], slots: int, capacity: Capacity = ALL, rooms: dict[str, Room] | None = None
) -> list[int]:
    taken = choose_releases(queue, slots=slots, capacity=capacity, rooms=rooms or {})
    return [run.ref.number for run in taken]


def test_the_front_of_the_backlog_fills_the_free_places() -> None:
    assert chosen(backlog(*[Priority.HIGH] * 5), slots=3) == [1, 2, 3]


def test_no_free_place_releases_nothing() -> None:
    assert chosen(backlog(Priority.CRITICAL), slots=0) == []
    assert chosen(backlog(Priority.CRITICAL), slots=-1) == []


def test_a_priority_that_capacity_holds_back_keeps_its_place() -> None:
    strict = replace(ALL, priorities=frozenset({Priority.CRITICAL, Priority.HIGH}))
    queue = backlog(Priority.HIGH, Priority.MEDIUM, Priority.HIGH)
    assert chosen(queue, slots=3, capacity=strict) == [1, 3]


def test_a_repository_without_room_waits_and_another_goes_on() -> None:
    full = backlog(Priority.CRITICAL, Priority.HIGH)
    other = tuple(replace(run, ref=IssueRef("octo/other", 9)) for run in backlog(Priority.LOW))
    rooms = {"octo/hello": Room(open_left=5, hour_left=0), "octo/other": Room(open_left=1, hour_left=1)}
    assert chosen((*full, *other), slots=3, rooms=rooms) == [9]


def test_the_room_of_a_repository_is_used_up_within_one_release() -> None:
    rooms = {"octo/hello": Room(open_left=2, hour_left=9)}
    assert chosen(backlog(*[Priority.HIGH] * 4), slots=4, rooms=rooms) == [1, 2]


def test_a_dry_run_needs_no_room() -> None:
    queue = tuple(replace(run, is_dry_run=True) for run in backlog(Priority.HIGH))
    assert chosen(queue, slots=1, rooms={"octo/hello": Room(open_left=0, hour_left=0)}) == [1]


def test_the_canary_needs_no_room_and_waits_for_a_place_and_its_priority() -> None:
    full = {"octo/hello": Room(open_left=0, hour_left=0)}
    strict = replace(ALL, priorities=frozenset({Priority.CRITICAL}))
    urgent, usual = (
        tuple(replace(run, is_canary=True) for run in backlog(priority))
        for priority in (Priority.CRITICAL, Priority.MEDIUM)
    )
    assert chosen(urgent, slots=1, capacity=strict, rooms=full) == [1]
    assert chosen(urgent, slots=0, capacity=strict, rooms=full) == []
    assert chosen(usual, slots=1, capacity=strict, rooms=full) == []


def test_an_operators_own_word_overrides_capacity_and_caps() -> None:
    strict = replace(ALL, priorities=frozenset())
    queue = tuple(replace(run, is_forced=True) for run in backlog(Priority.LOW))
    assert chosen(queue, slots=1, capacity=strict, rooms={"octo/hello": Room(open_left=0, hour_left=0)}) == [1]


def test_low_starts_once_nothing_higher_waits() -> None:
    idle = replace(ALL, priorities=ALL.priorities - {Priority.LOW}, then_priorities=frozenset({Priority.LOW}))
    queue = backlog(Priority.LOW, Priority.HIGH, Priority.MEDIUM)
    assert chosen(queue, slots=2, capacity=idle) == [2, 3]
    assert chosen(queue, slots=3, capacity=idle) == [2, 3, 1]


def test_low_does_not_wait_for_what_a_cap_holds_back() -> None:
    idle = replace(ALL, priorities=ALL.priorities - {Priority.LOW}, then_priorities=frozenset({Priority.LOW}))
    other = tuple(replace(run, ref=IssueRef("octo/other", 9)) for run in backlog(Priority.LOW))
    full = {"octo/hello": Room(open_left=0, hour_left=5)}
    assert chosen((*backlog(Priority.HIGH), *other), slots=1, capacity=idle, rooms=full) == [9]
