"""Two hundred issues queued at once start by priority, then by age, however many places there are."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from processor.engine.releasing import release_runs
from processor.github_client import GitHubClient
from processor.intake.capacity import any_priority
from processor.ledger import endings, operators, queries, runs
from processor.ledger.connection import open_ledger
from processor.model import IssueRef, Outcome, Priority
from processor.pipeline.context import Context
from processor.settings.sections import MainFile, Settings, State
from tests.acceptance.system import System, wait_until

ISSUES = 200


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    state = State(directory=tmp_path)
    publish = {"max_open_pull_requests": 1000, "max_pull_requests_per_hour": 1000}
    settings = Settings(main=MainFile.model_validate({"state": state, "publish": publish}))
    ledger = open_ledger(state)
    with GitHubClient(settings.main.github, lambda: "never asked", environ={}) as github:
        yield Context(settings_now=lambda: settings, ledger=ledger, github=github, environ={}, instance="host-a")
    ledger.close()


def queue_in_any_order(context: Context) -> list[int]:
    """Queue the issues shuffled, and return their numbers in the order in which they have to start."""
    chance = random.Random(20260101)  # noqa: S311  # only the order of a test
    waiting = [(chance.choice(list(Priority)), float(chance.randrange(50)), number) for number in range(1, ISSUES + 1)]
    with context.ledger.write() as db:
        for priority, created_at, number in waiting:
            run = runs.NewRun(
                ref=IssueRef("octo/hello", number),
                title="",
                priority=priority,
                issue_created_at=created_at,
                discovered_at=60.0,
                branch=f"auto-fix/issue-{number}",
                sequence=1,
                requested_by="poll",
            )
            runs.queue(db, run, 61.0)
    return [number for *_, number in sorted(waiting, key=lambda item: (item[0].rank, item[1], item[2]))]


def test_they_are_released_in_exactly_that_order(context: Context) -> None:
    wanted = queue_in_any_order(context)
    started: list[int] = []
    active: list[str] = []
    while len(started) < ISSUES:
        released = release_runs(context, 3, any_priority(context.settings.main), None)
        active += released
        assert 0 < len(active) <= 3
        with context.ledger.write() as db:
            started += [runs.get(db, run_id).ref.number for run_id in released]
            endings.finish(db, active.pop(0), endings.Ending(outcome=Outcome.REJECTED), 70.0)
    assert started == wanted


def test_a_pause_holds_from_the_moment_it_is_set(context: Context) -> None:
    queue_in_any_order(context)
    assert len(release_runs(context, 2, any_priority(context.settings.main), None)) == 2
    with context.ledger.write() as db:
        act = operators.Act(actor="me", action="pause", target="all")
        operators.set_control(db, operators.PAUSED, True, act, 65.0)
    assert release_runs(context, 10, any_priority(context.settings.main), None) == ()


def test_what_is_forced_in_a_pause_starts_and_what_was_forced_before_it_does_not(context: Context) -> None:
    with context.ledger.write() as db:
        _force(db, number=1, at=60.0)
        act = operators.Act(actor="me", action="pause", target="all")
        operators.set_control(db, operators.PAUSED, True, act, 65.0)
        _force(db, number=2, at=66.0)
    released = release_runs(context, 10, any_priority(context.settings.main), None)
    with context.ledger.read() as db:
        assert [runs.get(db, run_id).ref.number for run_id in released] == [2]


def _force(db: Connection, *, number: int, at: float) -> None:
    run = runs.NewRun(
        ref=IssueRef("octo/hello", number),
        title="any",
        priority=Priority.LOW,
        issue_created_at=1.0,
        discovered_at=1.0,
        branch=f"auto-fix/issue-{number}",
        sequence=1,
        requested_by="me",
        is_forced=True,
    )
    runs.queue(db, run, at)


def test_the_installed_program_starts_them_in_that_order(system: System) -> None:
    system.settings["max_parallel"] = 1
    chance = random.Random(7)  # noqa: S311  # only the order of a test
    words = {"p0": 0, "p1": 1, "p2": 2, "p3": 3}
    service = system.start()
    system.get("/api/status")
    assert system.aip("pause").returncode == 0
    opened = []
    for number in range(ISSUES):
        word = chance.choice(list(words))
        ref = system.open_issue(f"Fix greeting {number}", labels=[word, "agent:lie"])
        opened.append((words[word], ref.number))
    with_all = [number for _, number in sorted(opened)]  # opened in the order of their numbers, so a number is an age
    wait_until(lambda: len(waiting(system)) == ISSUES, "all to be queued", 90)
    assert waiting(system) == with_all
    assert system.aip("resume").returncode == 0
    wait_until(lambda: len(ended(system)) >= 4, "some of them to end", 60)
    assert system.stop(service) == 0
    with system.ledger.read() as db:
        released = [run.ref.number for run in queries.active_runs(db)]  # by the last tick, and not begun any more
    assert len(released) <= 1
    assert [*ended(system), *released, *waiting(system)] == with_all


def waiting(system: System) -> list[int]:
    with system.ledger.read() as db:
        return [run.ref.number for run in queries.backlog(db)]


def ended(system: System) -> list[int]:
    with system.ledger.read() as db:
        found = queries.recent_runs(db, ISSUES)
    return [run.ref.number for run in sorted(found, key=lambda run: run.started_at or 0.0)]
