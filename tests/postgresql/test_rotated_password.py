"""A password that is changed in PostgreSQL and in its file is taken up by what runs, without a restart."""

import contextlib
import dataclasses
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from exporter.service import Exporter
from processor.ledger.connection import open_ledger
from processor.settings.sections import MainFile, Settings, State
from tests.exporter.conftest import Client, Scene
from tests.postgresql.cluster import PASSWORD
from tests.postgresql.conftest import Database
from tests.postgresql.host import Host


@dataclasses.dataclass(frozen=True)
class Login:
    """A role with a password of its own, in a file as an operator has it."""

    database: Database
    name: str
    file: Path

    @property
    def url(self) -> str:
        return self.database.url.replace("aip@", f"{self.name}@")

    def rotate(self) -> None:
        """Change the password, and end every session that stands on the old one."""
        new = secrets.token_hex(8)
        self.database.admin(f"ALTER ROLE {self.name} PASSWORD '{new}'")
        self.file.write_text(new)
        assert self.database.cut() > 0


@pytest.fixture
def login(database: Database, tmp_path: Path) -> Iterator[Login]:
    name = "rotated"
    database.admin(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' IN ROLE aip")
    database.admin(f"GRANT ALL ON DATABASE {database.name} TO {name}")
    file = tmp_path / "database-password"
    file.write_text(PASSWORD)
    yield Login(database, name, file)
    database.cut()
    database.admin(f"REASSIGN OWNED BY {name} TO aip")
    database.admin(f"DROP OWNED BY {name}")
    database.admin(f"DROP ROLE {name}")


def test_the_exporter_goes_on_with_the_new_password(login: Login, tmp_path: Path) -> None:
    state = State(directory=tmp_path / "state", database_url=login.url, database_password_file=login.file)
    ledger = open_ledger(state, PASSWORD)
    Scene(ledger).finish()
    exporter = Exporter(Settings(main=MainFile(state=state)), {})
    client = Client(exporter.serve("127.0.0.1", 0))
    client.scrape_until(lambda seen: sum(seen.values("aip_runs_total").values()) == 1)
    login.rotate()
    with contextlib.closing(open_ledger(state, login.file.read_text())) as again:
        Scene(again).finish()
    client.scrape_until(lambda seen: sum(seen.values("aip_runs_total").values()) == 2)
    exporter.close()
    ledger.close()


def test_a_service_goes_on_with_the_new_password(host: Host, login: Login) -> None:
    host.settings["state"] |= {"database_url": login.url, "database_password_file": str(login.file)}
    service = host.start()
    host.settings["state"]["database_url"] = login.database.url  # the test itself looks as the owner
    host.get("/api/status")
    login.rotate()
    ref = host.open_issue()
    host.assert_one_pull_request(ref)
    assert service.poll() is None
    assert host.stop(service) == 0
