"""A real SQLite ledger for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from processor.ledger.connection import Ledger
from processor.settings.sections import State
from tests.new_ledger import new_ledger


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(directory=tmp_path / "state")


@pytest.fixture
def password() -> str | None:
    """SQLite has none; PostgreSQL repeats these tests with one."""
    return None


@pytest.fixture
def ledger(state: State) -> Iterator[Ledger]:
    opened = new_ledger(state)
    yield opened
    opened.close()
