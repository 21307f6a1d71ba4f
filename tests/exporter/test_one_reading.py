"""All collectors and all scrapers of the ledger share one transaction a second, whatever they ask."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event, text

from exporter.catalogue import EVERY
from exporter.ledger_reading import LedgerReading
from exporter.scrape import Scraper
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from processor.errors import LedgerError
from processor.ledger.queries import LedgerDoor
from processor.settings.load import load_settings
from tests.exporter.conftest import Office, Scene
from tests.exporter.moments import Clock, moment

RUNS = text("SELECT count(*) FROM runs")


@pytest.fixture
def steady() -> Clock:
    return Clock(0.0)


@pytest.fixture
def reading(office: Office, scene: Scene, steady: Clock) -> Iterator[LedgerReading]:
    scene.finish()
    made = LedgerReading(LedgerDoor(load_settings(office.root / "configs", {}).main.state), steady)
    yield made
    made.close()


@contextmanager
def counted_transactions() -> Iterator[list[Connection]]:
    begun: list[Connection] = []

    def note(connection: Connection) -> None:
        begun.append(connection)

    event.listen(Engine, "begin", note)
    try:
        yield begun
    finally:
        event.remove(Engine, "begin", note)


def test_what_is_asked_seldom_is_read_in_the_transaction_that_reads_everything_else(
    office: Office, reading: LedgerReading, steady: Clock
) -> None:
    now = Clock(moment("2026-11-27T12:00"))
    surroundings = Surroundings(load_settings(office.root / "configs", {}), reading, now)
    collectors = [kind(surroundings) for kind in EVERY if kind.source == LEDGER]
    scraper = Scraper(collectors, 60, time.time, {LEDGER: reading})
    with counted_transactions() as begun:
        for count in range(1, 4):
            now.now += 86_400  # closed days, incidents, pull requests and checklists: all are due again
            steady.now += 1.0
            for _ in range(3):
                scraper.scrape()
            assert len(begun) == count
    assert [one.problem for one in scraper.standings()] == [None] * len(collectors)
    scraper.close()


def test_a_round_sees_one_moment(reading: LedgerReading, scene: Scene, steady: Clock) -> None:
    with reading.round():
        assert len(reading.snapshot().last_outcomes) == 1
        scene.finish()
        steady.now += 60
        with reading.connection() as db:
            assert db.execute(RUNS).scalar_one() == 1
        assert len(reading.snapshot().last_outcomes) == 1
    with reading.round():
        assert len(reading.snapshot().last_outcomes) == 2


def test_what_fails_in_a_round_leaves_the_others_theirs(reading: LedgerReading) -> None:
    with reading.round():
        reading.snapshot()
        with pytest.raises(LedgerError, match="no such table: nowhere"), reading.connection() as db:
            db.execute(text("SELECT * FROM nowhere"))
        with reading.connection() as db:
            assert db.execute(RUNS).scalar_one() == 1
