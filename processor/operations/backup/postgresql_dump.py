"""Back up and restore ledger and engine as a dump of PostgreSQL, by its own programs."""

import contextlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from processor.errors import BackupError, BackupUnsound
from processor.ledger import restoration
from processor.ledger.address import POSTGRESQL_SCHEMA
from processor.ledger.connection import Ledger
from processor.ledger.failures import shown
from processor.operations.backup.contents import read_contents
from processor.operations.backup.manifest import Contents

DUMP = "database.dump"
_ENGINE_SCHEMA = "dbos"
_SCHEMAS = (POSTGRESQL_SCHEMA, _ENGINE_SCHEMA)
_REMEDY = "install the package postgresql-client of the server's version (apt-get install postgresql-client)"


class _Refused(BackupError):
    """A program of PostgreSQL ended with an error."""


@dataclass(frozen=True)
class PostgresqlDump:
    """The ledger's schema and the engine's, in one database; `password` is asked anew for each program."""

    url: URL
    password: Callable[[], str] | None
    ledger: Ledger | None = None  #: open, for a copy

    @property
    def kind(self) -> str:
        """What manifests call it."""
        return "postgresql"

    def copy(self, folder: Path) -> tuple[Contents, tuple[str, ...]]:
        """Dump both schemas as of the one moment at which the totals are read."""
        program = _program("pg_dump")
        if self.ledger is None:
            raise BackupError("the ledger is not open; nothing was copied")
        with self.ledger.read() as db:
            # The server ends transactions that wait; this one waits for pg_dump.
            db.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            contents = read_contents(db)
            snapshot = str(db.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
            schemas = [f"--schema={name}" for name in _SCHEMAS]
            output = folder / DUMP
            output.touch(mode=0o600)
            options = ["--format=custom", "--no-password", "--no-privileges", "--no-owner", f"--snapshot={snapshot}"]
            self._run([program, *options, *schemas, f"--file={output}", f"--dbname={self._address()}"])
        return contents, (DUMP,)

    def try_restore(self, folder: Path, scratch: Path) -> Contents:
        """Restore into a database of its own on the same server, read it, and drop it."""
        name = f"aip_trial_{secrets.token_hex(6)}"
        with self._scratch_database(name):
            try:
                self._run_script(self._script(folder, scratch), [], self._address(name))
            except _Refused as exc:
                raise BackupUnsound(f"{folder / DUMP} cannot be restored: {exc}") from exc
            with self._connected(name) as db:
                db.exec_driver_sql(f"SET search_path = {POSTGRESQL_SCHEMA}")
                return read_contents(db)

    def is_there(self) -> bool:
        """Look for the ledger's schema."""
        with self._connected() as db:
            return bool(db.execute(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": _SCHEMAS[0]}).scalar())

    def restore(self, folder: Path, scratch: Path, label: str, made_at: float) -> str:
        """Rename the present schemas and make the former ones, in one transaction."""
        kept = "_before_restore_" + "".join(letter for letter in label.lower() if letter.isalnum())
        with self._connected() as db:
            there = [
                name
                for name in _SCHEMAS
                if db.execute(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": name}).scalar()
            ]
        before = [f"ALTER SCHEMA {name} RENAME TO {name}{kept}" for name in there]
        after = (f"SET search_path = {POSTGRESQL_SCHEMA}", *restoration.behind_statements(made_at))
        self._run_script(self._script(folder, scratch), before, self._address(), after)
        return ", ".join(f"schema {name}{kept}" for name in there)

    def _script(self, folder: Path, scratch: Path) -> Path:
        script = scratch / "restore.sql"
        self._run([_program("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(folder / DUMP)])
        return script

    def _run_script(self, script: Path, before: Sequence[str], address: str, after: Sequence[str] = ()) -> None:
        options = ["--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        first, last = ([f"--command={statement}" for statement in statements] for statements in (before, after))
        self._run([_program("psql"), *options, *first, f"--file={script}", *last, f"--dbname={address}"])

    def _run(self, argv: Sequence[str]) -> None:
        environment = dict(os.environ)
        if self.password is not None:
            environment["PGPASSWORD"] = self.password()
        done = subprocess.run(
            argv, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0]
            what = f"{Path(argv[0]).name} failed on {shown(self.url)}: {said}"
            if "version mismatch" in done.stderr:
                raise BackupError(f"{what}; {_REMEDY}")
            raise _Refused(f"{what}; nothing was changed; mend that and try again")

    def _address(self, database: str | None = None) -> str:
        """Write the address for libpq, without the password."""
        url = self.url.set(drivername="postgresql", database=database or self.url.database)
        return URL.create(
            url.drivername, url.username, None, url.host, url.port, url.database, url.query
        ).render_as_string(hide_password=False)

    @contextlib.contextmanager
    def _connected(self, database: str | None = None) -> Iterator[Connection]:
        url = self.url.set(database=database or self.url.database)
        if self.password is not None:
            url = url.set(password=self.password())
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as db:
                yield db
        except SQLAlchemyError as exc:
            said = (str(getattr(exc, "orig", exc)).strip().splitlines() or [type(exc).__name__])[0]
            raise BackupError(f"{shown(url)} refuses: {said}; check the server and the role's rights") from exc

    @contextlib.contextmanager
    def _scratch_database(self, name: str) -> Iterator[None]:
        with self._connected() as db:
            may_create = db.execute(
                text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            ).scalar()
            if not may_create:
                raise BackupError(
                    f"the role {self.url.username} may not make a database for a restore on trial; "
                    f"let an administrator of the server say ALTER ROLE {self.url.username} CREATEDB"
                )
            db.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield
        finally:
            with self._connected() as db:
                db.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"the program {name} is not here, which backups of PostgreSQL need; {_REMEDY}")
    return found
