"""A service goes through what is due, each section once on a ledger, and keeps what GitHub says of security alerts."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from processor.checklists.document import Finding
from processor.checklists.keeping import Keeping
from processor.forge import Forge
from processor.github_client import GitHubClient
from processor.ledger import checklists, queries
from processor.ledger.connection import Ledger
from processor.settings.sections import Checklists, GitHub, Logs, MainFile, RepositorySettings, Settings, State
from tests.new_ledger import new_ledger
from tests.reports.scene import Scene

REPOSITORY = "octo/hello"
TOKYO = ZoneInfo("Asia/Tokyo")


def tokyo(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).timestamp()


class Clock:
    """A clock that a test sets."""

    now = tokyo("2026-11-25T09:20")  # a Wednesday

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path) -> Iterator[Ledger]:
    opened = new_ledger(State(directory=tmp_path / "state"))
    scene, began = Scene(opened), tokyo("2026-11-24T12:00")
    scene.begin(began)
    # Where nobody wrote down what the host carried, each list would measure it for a second.
    scene.carry("host-a", {began + 3600 * hour: 0.2 for hour in range(7 * 24)})
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def forge(tmp_path_factory) -> Iterator[Forge]:
    with Forge(tmp_path_factory.mktemp("forge")) as started:
        started.create_repository(REPOSITORY, files={"README.md": "hello\n"})
        started.add_security_alert(REPOSITORY, kind="dependabot", severity="high")
        yield started


@pytest.fixture
def github(forge) -> Iterator[GitHubClient]:
    token = forge.create_token("octo")
    settings = GitHub(base_url=forge.api_url, seconds_between_requests=0, max_wait_seconds=0)
    with GitHubClient(settings, lambda: token) as client:
        yield client


def settings(root: Path, **section) -> Settings:
    main = MainFile(
        state=State(directory=root / "state"),
        logs=Logs(directory=root / "logs"),
        repositories=(RepositorySettings(name=REPOSITORY),),
        checklists=Checklists(**section),
    )
    return Settings(main=main)


@pytest.fixture
def keeper(tmp_path, ledger, github, clock):
    def make(instance: str = "a", **section) -> Keeping:
        return Keeping(ledger, github, lambda: settings(tmp_path, **section), instance=instance, clock=clock)

    return make


def look(keeping: Keeping) -> None:
    """Look, and wait for what that began."""
    keeping.look()
    for thread in threading.enumerate():
        if thread.name == "checklists":
            thread.join(60)


def done(ledger: Ledger) -> set[tuple[str, str]]:
    with ledger.read() as db:
        return {(one.date, one.section) for found in queries.checklist_standings(db) for one in found.items}


def test_sections_are_gone_through_when_they_are_due(keeper, ledger, clock):
    keeping = keeper()
    look(keeping)
    assert done(ledger) == {("2026-11-25", "system_health"), ("2026-11-25", "processing")}
    clock.now = tokyo("2026-11-25T09:45")
    look(keeping)
    assert done(ledger) >= {("2026-11-25", "metrics"), ("2026-11-25", "quality")}


def test_each_is_gone_through_once_over_several_services(keeper, ledger):
    first, second = keeper("a"), keeper("b")
    look(first)
    with ledger.read() as db:
        before = queries.checklist_standings(db)
    look(second)
    look(first)
    with ledger.read() as db:
        assert queries.checklist_standings(db) == before


def test_what_was_missed_is_made_up_once(keeper, ledger, clock):
    clock.now = tokyo("2026-11-28T08:00")
    look(keeper())
    sections = ("system_health", "processing", "metrics", "quality")
    assert done(ledger) == {("2026-11-27", section) for section in sections}


def test_a_list_that_is_made_up_tells_of_the_day_before_its_own(keeper, ledger, clock):
    scene = Scene(ledger)
    scene.finish(tokyo("2026-11-26T12:00"))
    for hour in (1, 2, 3):
        scene.finish(tokyo(f"2026-11-27T0{hour}:00"))
    clock.now = tokyo("2026-11-28T08:00")
    look(keeper())
    with ledger.read() as db:
        (of_the_27th,) = (
            one for one in queries.checklist_of(db, "daily", "2026-11-27") if one.item == "processed_count"
        )
    evidence = {one.name: one.value for one in Finding.model_validate_json(of_the_27th.finding).evidence}
    assert evidence["processed"] == 1


def test_what_was_due_before_the_ledger_began_is_not_made_up(keeper, ledger, clock):
    clock.now = tokyo("2026-11-24T13:00")
    look(keeper())
    assert done(ledger) == set()


def test_a_turn_that_a_dead_service_left_is_taken_over(keeper, ledger, clock):
    (turn, *_) = Checklists().newest_turns(TOKYO, clock.now)
    with ledger.write() as db:
        assert checklists.take_turn(db, turn, "dead", clock.now)
    look(keeper())
    assert ("2026-11-25", "system_health") not in done(ledger)
    clock.now += 901
    look(keeper())
    assert ("2026-11-25", "system_health") in done(ledger)


def test_the_weekly_list_is_gone_through_on_mondays(keeper, ledger, clock):
    clock.now = tokyo("2026-11-30T09:59")
    look(keeper(weekly_at="10:00"))
    assert not any(section == "performance" for _, section in done(ledger))


def test_security_alerts_are_kept_and_not_asked_for_again_at_once(keeper, ledger, forge, clock):
    keeping = keeper()
    look(keeping)
    with ledger.read() as db:
        seen = {one.kind: (one.counts, one.reason) for one in queries.security_alerts_seen(db)}
    assert seen == {"dependabot": ({"high": 1}, ""), "code_scanning": (None, "not enabled"),
                    "secret_scanning": (None, "not enabled")}  # fmt: skip
    asked = len(forge.requests.entries(endpoint="list_dependabot_alerts"))
    clock.now += 60
    look(keeping)
    assert len(forge.requests.entries(endpoint="list_dependabot_alerts")) == asked
    clock.now += 3600
    look(keeping)
    assert len(forge.requests.entries(endpoint="list_dependabot_alerts")) == asked + 1


def test_nothing_is_done_where_lists_are_switched_off(keeper, ledger):
    look(keeper(enabled=False))
    assert done(ledger) == set()
    with ledger.read() as db:
        assert queries.security_alerts_seen(db) == ()
