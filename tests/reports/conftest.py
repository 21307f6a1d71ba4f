"""A ledger of its own for each test, and one with two eventful weeks that many share."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from processor.ledger.connection import Ledger
from processor.model import Outcome, Priority
from processor.reports.reporting import Reporting
from processor.settings.sections import Alerting, Logs, MainFile, Reports, State
from tests.exporter.moments import Clock
from tests.new_ledger import new_ledger
from tests.reports.scene import Scene, at

_DAY = 86_400.0
_OUTCOMES = {Outcome.SUCCESS: 12, Outcome.REJECTED: 2, Outcome.ERROR: 3, Outcome.TIMEOUT: 1, Outcome.CANCELLED: 1}
_BEGAN = "2026-10-19T00:00"


def opened_in_haste(folder: Path) -> Ledger:
    """Open a ledger that does not wait for the disk."""
    ledger = new_ledger(State(directory=folder))
    ledger.engine.dispose()
    event.listen(ledger.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    return ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = opened_in_haste(tmp_path / "state")
    yield opened
    opened.close()


@pytest.fixture
def scene(ledger: Ledger) -> Scene:
    found = Scene(ledger)
    found.begin(at(_BEGAN))
    return found


@pytest.fixture
def clock() -> Clock:
    return Clock(at("2026-11-20T08:29"))  # a Friday, a minute before the report


Make = Callable[..., Reporting]


@pytest.fixture
def service(scene: Scene, clock: Clock, tmp_path: Path) -> Make:
    """Make what a service of these settings does about reports; its folders are below the test's."""

    def make(
        name: str = "host-a", ledger: Ledger | None = None, alerting: dict[str, Any] | None = None, **given: Any
    ) -> Reporting:
        main = MainFile(
            reports=Reports(**{"directory": tmp_path / name / "reports", **given}),
            logs=Logs(directory=tmp_path / name / "logs"),
            alerting=Alerting(**alerting or {}),
        )
        return Reporting(ledger or scene.ledger, lambda: main, instance=name, clock=clock)

    return make


@pytest.fixture(scope="session")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Two weeks up to Sunday, 22 November 2026, with a bad Thursday and a Sunday without a run.

    Tests that share it add nothing but reports.
    """
    opened = opened_in_haste(tmp_path_factory.mktemp("eventful"))
    scene = Scene(opened)
    scene.begin(at(_BEGAN))
    chance = random.Random("eventful")  # noqa: S311  # made-up data that is the same each time
    for day in range(13):
        midnight = at("2026-11-09T00:00") + day * _DAY
        for _ in range(chance.randint(2, 5)):
            _run(scene, chance, midnight + chance.uniform(0, _DAY - 1))
    for minute in range(11):
        moment = at("2026-11-19T14:00") + 300 * minute
        scene.finish(moment, Outcome.ERROR, seconds=640, priority=Priority.HIGH, error_type="github_api")
    for hour in (3, 30, 31):
        scene.incident("AipHighErrorRate", "high", at("2026-11-18T12:00") + 3600 * hour)
    scene.incident("AipDiskHigh", "medium", at("2026-11-17T08:00"), at("2026-11-17T09:00"))
    scene.stand(at("2026-11-23T09:00"))
    hours = (at("2026-11-23T00:00") - 3600 * hour for hour in range(1, 5 * 7 * 24 + 1))
    scene.carry("host-a", {hour: 0.75 if hour >= at("2026-11-16T00:00") else 0.4 for hour in hours})
    yield scene
    opened.close()


def _run(scene: Scene, chance: random.Random, ended_at: float) -> None:
    (outcome,) = chance.choices([*_OUTCOMES], weights=[*_OUTCOMES.values()])
    scene.finish(
        ended_at,
        outcome,
        seconds=round(chance.uniform(20, 500), 1),
        priority=chance.choice([*Priority]),
        repository=chance.choice(["octo/hello", "octo/shop"]),
        error_type=chance.choice(["agent_exit", "network"]),
        dollars=round(chance.uniform(0.05, 2), 2),
        merged_after=chance.choice([None, 3600.0, 30_000.0]),
    )
