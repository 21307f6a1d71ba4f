"""One PostgreSQL cluster a session, one database a test."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from processor.forge import Forge
from processor.ledger.connection import Ledger, open_ledger
from processor.settings.sections import State
from tests.acceptance.system import FILES, REPOSITORY
from tests.postgresql.cluster import FIND, PASSWORD, Cluster, running_cluster
from tests.postgresql.host import Host


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
        """End every session on this database from the server's side, and wait until they have ended."""
        ended = self.cluster.admin(
            f"SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '{self.name}'"  # noqa: S608
        )
        return len(ended)


@pytest.fixture(scope="session")
def template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name a database with a new ledger: a copy of it costs less than its migrations."""
    name = "aip_template"
    cluster.admin(f"CREATE DATABASE {name}")
    state = State(directory=tmp_path_factory.mktemp("template"), database_url=cluster.url(name))
    open_ledger(state, PASSWORD).close()
    return name


@pytest.fixture
def database(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Empty, or with a new ledger for a test that asks for one."""
    name = f"aip_{secrets.token_hex(4)}"
    made_as = f" TEMPLATE {request.getfixturevalue('template')}" if "ledger" in request.fixturenames else ""
    cluster.admin(f"CREATE DATABASE {name}{made_as}")
    yield Database(cluster, name)
    cluster.admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def state(database: Database, tmp_path: Path) -> State:
    return State(directory=tmp_path / "state", database_url=database.url)


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def ledger(state: State) -> Iterator[Ledger]:
    opened = open_ledger(state, PASSWORD)
    yield opened
    opened.close()


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    with Forge(tmp_path / "forge") as running:
        running.create_user("octo")
        running.create_repository(REPOSITORY, files=FILES)
        yield running


@pytest.fixture(params=["postgresql", "sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Both kinds of database that several services may share."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared' / 'ledger.sqlite'}"
    return str(request.getfixturevalue("database").url)


@pytest.fixture
def hosts(forge: Forge, tmp_path: Path, database_url: str) -> Iterator[tuple[Host, Host]]:
    """Two machines with one ledger."""
    token = forge.create_token("octo")
    first, second = (Host.make(tmp_path / name, forge, token, database_url) for name in ("host-a", "host-b"))
    yield first, second
    first.close()
    second.close()


@pytest.fixture
def host(forge: Forge, tmp_path: Path, database: Database) -> Iterator[Host]:
    """One machine on PostgreSQL."""
    alone = Host.make(tmp_path / "host-a", forge, forge.create_token("octo"), database.url)
    yield alone
    alone.close()
