"""One PostgreSQL cluster a session, one database a test."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from processor.ledger.connection import Ledger, open_ledger
from processor.settings.sections import State
from tests.postgresql.cluster import FIND, PASSWORD, Cluster, running_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    found = subprocess.run([FIND], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        reason = found.stderr.strip()
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running_cluster() as running:
        yield running


@dataclass(frozen=True)
class Database:
    """A database of its own for one test."""

    cluster: Cluster
    name: str

    @property
    def url(self) -> str:
        return self.cluster.url(self.name)

    def admin(self, statement: str) -> list[tuple[object, ...]]:
        return self.cluster.admin(statement, self.name)

    def cut(self) -> int:
        """End every session on this database from the server's side."""
        ended = self.cluster.admin(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'"  # noqa: S608
        )
        return len(ended)


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Database]:
    name = f"aip_{secrets.token_hex(4)}"
    cluster.admin(f"CREATE DATABASE {name}")
    yield Database(cluster, name)
    cluster.admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def state(database: Database, tmp_path: Path) -> State:
    return State(directory=tmp_path / "state", database_url=database.url)


@pytest.fixture
def ledger(state: State) -> Iterator[Ledger]:
    opened = open_ledger(state, PASSWORD)
    yield opened
    opened.close()
