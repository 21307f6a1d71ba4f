"""`aip ledger grant-reader`: a role that reads the whole ledger, what is added later too, and can do nothing else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import yaml
from psycopg.sql import SQL, Composable, Identifier

from processor.cli.main import main
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.queries import LedgerDoor, read_snapshot
from processor.ledger.schema import metadata
from processor.model import Outcome
from processor.settings.sections import State
from tests.exporter.conftest import Scene
from tests.postgresql.cluster import PASSWORD
from tests.postgresql.conftest import Database

SECRET = "only-for-reading"


@dataclass(frozen=True)
class Office:
    """Settings that name a database, and the roles made from here."""

    folder: Path
    database: Database
    role: str

    def grant(self, role: str | None = None, *options: str, owner: str = "aip") -> int:
        """Call the command as an operator does, with a password for the reader unless options say otherwise."""
        state = {
            "directory": str(self.folder / "state"),
            "database_url": self.database.url.replace("//aip@", f"//{owner}@"),
            "database_password_file": str(self.folder / "owner"),
        }
        (self.folder / "auto_issue_processor.yaml").write_text(yaml.safe_dump({"state": state}), encoding="utf-8")
        (self.folder / "owner").write_text(PASSWORD, encoding="utf-8")
        (self.folder / "reader").write_text(SECRET, encoding="utf-8")
        chosen = options or ("--password-file", str(self.folder / "reader"))
        return main(["--config-dir", str(self.folder), "ledger", "grant-reader", role or self.role, *chosen])

    @contextmanager
    def reading(self, password: str = SECRET) -> Iterator[psycopg.Connection]:
        """Link up as the reader; over TCP, so that the password counts."""
        place = {"host": "127.0.0.1", "port": self.database.cluster.port, "dbname": self.database.name}
        with psycopg.connect(**place, user=self.role, password=password, autocommit=True) as link:
            yield link


@pytest.fixture
def office(tmp_path: Path, database: Database) -> Iterator[Office]:
    made = Office(tmp_path, database, f"{database.name}_reader")
    yield made
    for role in (made.role, f"{made.role}_group", "clerk"):
        if database.admin(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):  # noqa: S608
            database.admin(f"DROP OWNED BY {role} CASCADE")
            database.admin(f"DROP ROLE {role}")


def test_it_reads_each_table_and_is_refused_every_change(
    office: Office, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    Scene(ledger).finish()
    assert office.grant() == 0
    tables = len(metadata.tables) + 1  # and the number of the schema
    assert capsys.readouterr().out == (
        f"{office.role} may read the ledger in the database {office.database.name}, {tables} tables now and those to "
        "come, and write nothing\n"
    )
    with office.reading() as link:
        for table in metadata.tables:
            link.execute(SQL("SELECT * FROM aip.{}").format(Identifier(table)))
        assert link.execute("SELECT count(*) FROM aip.runs").fetchone() == (1,)
        link.execute("SET default_transaction_read_only = off")  # anybody may: the rights must hold without it
        for statement in _changes():
            with pytest.raises(psycopg.errors.InsufficientPrivilege), link.transaction():
                link.execute(statement)


def _changes() -> Iterator[Composable]:
    """Give each way to change the ledger or to make something beside it."""
    for table in metadata.tables.values():
        names = {"table": Identifier(table.name), "column": Identifier(table.columns.keys()[0])}
        for change in (
            "DELETE FROM aip.{table}",
            "UPDATE aip.{table} SET {column} = {column}",
            "INSERT INTO aip.{table} SELECT * FROM aip.{table}",
            "TRUNCATE aip.{table}",
            "LOCK TABLE aip.{table} IN EXCLUSIVE MODE",
            "DROP TABLE aip.{table}",
            "ALTER TABLE aip.{table} ADD a int",
        ):
            yield SQL(change).format(**names)
    for change in (
        "CREATE TABLE aip.mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMP TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "SELECT nextval('aip.audit_id_seq')",
    ):
        yield SQL(change)


@pytest.mark.usefixtures("ledger")
def test_by_itself_it_begins_every_transaction_as_one_that_reads(office: Office) -> None:
    office.grant()
    with office.reading() as link:
        assert link.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
        assert link.execute("SHOW statement_timeout").fetchone() == ("30s",)


def test_it_reads_a_table_that_a_later_version_adds(office: Office, ledger: Ledger) -> None:
    office.grant()
    with ledger.write() as db:
        db.exec_driver_sql("CREATE TABLE later (a int)")
        db.exec_driver_sql("CREATE VIEW later_view AS SELECT a FROM later")
    with office.reading() as link:
        assert link.execute("SELECT count(*) FROM aip.later").fetchone() == (0,)
        assert link.execute("SELECT count(*) FROM aip.later_view").fetchone() == (0,)


def test_granted_before_the_first_start_it_reads_what_that_makes(office: Office, state: State) -> None:
    assert office.grant() == 0
    open_ledger(state, PASSWORD).close()
    with office.reading() as link:
        assert link.execute("SELECT count(*) FROM aip.facts").fetchone() == (1,)


def test_it_sees_nothing_of_the_engine(office: Office, ledger: Ledger) -> None:
    with ledger.write() as db:
        db.exec_driver_sql("CREATE SCHEMA dbos CREATE TABLE workflow_status (a int)")
    office.grant()
    with office.reading() as link, pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute("SELECT * FROM dbos.workflow_status")


@pytest.mark.usefixtures("ledger")
def test_again_it_takes_the_password_that_is_in_the_file_now(office: Office) -> None:
    office.grant()
    with office.reading():
        pass
    other = office.folder / "other"
    # No words: what was read as a secret is masked in everything that this process says from now on.
    other.write_text("n3w-p4ssw0rd", encoding="utf-8")
    assert office.grant(None, "--password-file", str(other)) == 0
    with office.reading("n3w-p4ssw0rd"):
        pass
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"), office.reading():
        pass


def test_an_exporter_needs_no_more(office: Office, ledger: Ledger) -> None:
    Scene(ledger).finish()
    office.grant()
    url = office.database.url.replace("//aip@", f"//{office.role}@")
    door = LedgerDoor(State(database_url=url), lambda: SECRET)
    with door.read() as db:
        assert read_snapshot(db).last_outcomes == (Outcome.SUCCESS,)
    door.close()


@pytest.mark.usefixtures("ledger")
def test_a_role_that_an_administrator_made_is_taken_as_it_is(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.database.admin(f"CREATE ROLE {office.role} LOGIN PASSWORD '{SECRET}'")
    assert office.grant(None, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["role"] == office.role
    assert told["may_make_temporary_tables"] is False
    with office.reading() as link:
        assert link.execute("SELECT count(*) FROM aip.facts").fetchone() == (1,)


@pytest.mark.usefixtures("ledger")
def test_a_role_that_administers_is_refused(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.database.admin(f"CREATE ROLE {office.role} LOGIN CREATEDB")
    assert office.grant() == 2
    assert capsys.readouterr().err == (
        f"aip: the role {office.role} may do more than read; name one for readers alone, such as aip_reader\n"
    )


@pytest.mark.usefixtures("ledger")
def test_a_role_that_could_become_one_that_writes_is_refused_and_gets_nothing(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    group = f"{office.role}_group"
    office.database.admin(f"CREATE ROLE {group}")
    office.database.admin(f"GRANT UPDATE ON aip.runs TO {group}")
    office.database.admin(f"CREATE ROLE {office.role} LOGIN NOINHERIT IN ROLE {group}")
    assert office.grant() == 1
    assert capsys.readouterr().err == (
        f"aip: the role {office.role} may also write in aip.runs; take these rights from it or from PUBLIC, or its "
        "membership in other roles, or name another role\n"
    )
    assert office.database.admin(f"SELECT has_table_privilege('{office.role}', 'aip.facts', 'SELECT')") == [(False,)]


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("aip", "the role aip may do more than read; name one for readers alone, such as aip_reader"),
        ("Reader; DROP",
         "'Reader; DROP' is no plain name of a role; take small letters, digits and _, such as aip_reader"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("ledger")
def test_a_name_that_cannot_be_meant_is_refused(
    office: Office, role: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.grant(role) == 2
    assert capsys.readouterr().err == f"aip: {message}\n"


@pytest.mark.usefixtures("ledger")
def test_a_role_that_is_not_there_needs_a_password(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.grant(None, "--json") == 2
    assert capsys.readouterr().err == f"aip: there is no role {office.role}; give --password-file, so that it is made\n"


def test_who_may_make_no_roles_is_told_what_to_ask_for(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    small = "clerk"
    office.database.admin(f"CREATE ROLE {small} LOGIN PASSWORD '{PASSWORD}'")
    assert office.grant(owner=small) == 1
    assert capsys.readouterr().err == (
        f"aip: the role {small} may not make roles; let an administrator of the database make {office.role} "
        f"(CREATE ROLE {office.role} LOGIN, and its password by \\password {office.role}), then leave --password-file "
        "out\n"
    )


def test_who_does_not_own_the_database_is_told_what_is_left(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    small = "clerk"
    office.database.admin(f"CREATE ROLE {small} LOGIN PASSWORD '{PASSWORD}'")
    office.database.admin(f"CREATE SCHEMA aip AUTHORIZATION {small}")
    office.database.admin(f"CREATE ROLE {office.role} LOGIN")
    assert office.grant(None, "--json", owner=small) == 0
    assert json.loads(capsys.readouterr().out)["may_make_temporary_tables"] is True


def test_a_file_of_sqlite_knows_no_roles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = {"directory": str(tmp_path / "state")}
    (tmp_path / "auto_issue_processor.yaml").write_text(yaml.safe_dump({"state": state}), encoding="utf-8")
    assert main(["--config-dir", str(tmp_path), "ledger", "grant-reader", "aip_reader"]) == 2
    assert capsys.readouterr().err == (
        f"aip: the ledger {tmp_path}/state/ledger.sqlite is a file of SQLite, which knows no roles; let readers into "
        "its folder by the rights of files\n"
    )
    assert not (tmp_path / "state").exists()
