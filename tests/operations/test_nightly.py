"""A nightly duty is done once a night, by one service for all, and what fails is told."""

import threading
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from processor.errors import BackupError, DatabaseAway
from processor.ledger import nightly_turns as nightly_turns_of
from processor.ledger.schema import nightly_turns
from processor.service.nightly import Nightly, NightlyDuty
from processor.settings.sections import MainFile, State
from tests.beside import beside
from tests.new_ledger import new_ledger

NIGHT = 1_795_973_400.0  # 2026-11-29 02:30 in Tokyo
DAY = 24 * 3600.0


@pytest.fixture
def ledger(tmp_path):
    opened = new_ledger(State(directory=tmp_path))
    yield opened
    opened.close()


class Host:
    """One service with a duty that is counted."""

    def __init__(self, ledger, name, act=None, born_at=NIGHT - 3600):
        self.now = born_at
        self.done = []
        self.has_acted = threading.Event()
        settings = SimpleNamespace(main=MainFile())
        self.context = SimpleNamespace(settings=settings, ledger=ledger, instance=name, clock=lambda: self.now)
        self.nightly = Nightly(
            self.context, (NightlyDuty("backup", lambda main: main.backup.daily_at, act or self.act),)
        )

    def act(self):
        self.done.append(self.now)
        return {"backup": "made"}

    def look(self, now):
        """Look at a time, and wait until what was begun is over."""
        self.now = now
        self.nightly.look()
        for thread in threading.enumerate():
            if thread.name == "nightly":
                thread.join(30)


def turn(ledger):
    with ledger.read() as db:
        return db.execute(select(nightly_turns)).one()


def test_the_first_look_waits_for_the_first_night_and_each_night_comes_once(ledger):
    host = Host(ledger, "a")
    host.look(NIGHT - 3600)
    host.look(NIGHT - 1)
    assert host.done == []
    for now in (NIGHT + 5, NIGHT + 65, NIGHT + DAY - 1, NIGHT + DAY + 30):
        host.look(now)
    assert host.done == [NIGHT + 5, NIGHT + DAY + 30]
    assert turn(ledger).result == '{"backup": "made"}'


def test_missed_nights_are_made_up_once(ledger):
    host = Host(ledger, "a")
    host.look(NIGHT - 3600)
    host.look(NIGHT + 5 * DAY + 7200)
    host.look(NIGHT + 5 * DAY + 7260)
    assert host.done == [NIGHT + 5 * DAY + 7200]


def test_of_two_services_one_does_it(ledger):
    first, second = Host(ledger, "a"), Host(ledger, "b")
    first.look(NIGHT - 3600)
    second.look(NIGHT + 1)
    first.look(NIGHT + 2)
    assert (first.done, second.done) == ([], [NIGHT + 1])
    assert turn(ledger).started_by == "b"


def test_a_turn_that_the_end_of_its_service_cut_short_is_begun_again_once(ledger):
    Host(ledger, "a").look(NIGHT - 3600)

    def take(born_at, now):
        """Have a life that is killed as soon as it has the turn."""
        with ledger.write() as db:
            return nightly_turns_of.begin_turn(db, "backup", "a", due_at=NIGHT, now=now, born_at=born_at)

    assert take(NIGHT - 10, NIGHT + 1)
    other = Host(ledger, "b", born_at=NIGHT + 2)
    other.look(NIGHT + 3)
    again = Host(ledger, "a", born_at=NIGHT + 60)
    again.look(NIGHT + 61)
    again.look(NIGHT + 121)
    assert (other.done, again.done) == ([], [NIGHT + 61])
    assert turn(ledger).result == '{"backup": "made"}'
    assert take(NIGHT + DAY - 10, NIGHT + DAY + 1) is False
    again.look(NIGHT + DAY)
    assert again.done == [NIGHT + 61, NIGHT + DAY]


def test_a_turn_that_ends_its_service_again_and_again_waits_for_the_next_night(ledger):
    Host(ledger, "a").look(NIGHT - 3600)
    lives = [(NIGHT - 10, NIGHT + 1), (NIGHT + 2, NIGHT + 3), (NIGHT + 4, NIGHT + 5)]
    with ledger.write() as db:
        taken = [
            nightly_turns_of.begin_turn(db, "backup", "a", due_at=NIGHT, now=now, born_at=born_at)
            for born_at, now in lives
        ]
    assert taken == [True, True, False]


def test_what_fails_is_written_down_and_tried_the_next_night(ledger):
    def fail():
        raise BackupError("no room")

    host = Host(ledger, "a", fail)
    host.look(NIGHT - 3600)
    host.look(NIGHT + 1)
    found = turn(ledger)
    assert (found.ended_at, found.result) == (NIGHT + 1, '{"error": "no room"}')


def test_a_ledger_that_goes_away_costs_no_other_duty_its_night(ledger):
    def go_away():
        raise DatabaseAway("it restarts")

    done = []
    host = Host(ledger, "a")
    host.nightly = Nightly(
        host.context,
        tuple(
            NightlyDuty(name, lambda main: main.backup.daily_at, lambda name=name: done.append(name) or {})
            for name in ("backup", "database")
        ),
    )
    host.look(NIGHT - 3600)
    host.context.ledger = beside(ledger, None, go_away)
    host.look(NIGHT + 1)
    assert done == ["backup", "database"]
