"""Let a role of PostgreSQL read the ledger and nothing else: for Grafana, and for an exporter under a name of its own.

It reads every table of the ledger's schema, those of later migrations too. What a role has by other ways, such as its
membership in another one, is looked at in the end: a role that could write is refused, and nothing was changed then.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import Connection, text

from processor.errors import LedgerError, UsageError
from processor.ledger.address import POSTGRESQL_SCHEMA
from processor.ledger.connection import Ledger
from processor.ledger.failures import shown
from processor.ledger.postgresql_schema import make_schema

if TYPE_CHECKING:
    import psycopg

#: Names that stand in SQL as they are. Source: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
_PLAIN_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
#: A look at the dashboard takes milliseconds; what takes longer must not keep the server busy.
_LIMIT_SECONDS: Final = 30
_CONNECTIONS: Final = 20
_ABOUT_US: Final = text(
    "SELECT current_user AS name, current_database() AS database, rolsuper OR rolcreaterole AS may_make_roles "
    "FROM pg_roles WHERE rolname = current_user"
)
_ABOUT_READER: Final = text(
    "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles "
    "WHERE rolname = :role"
)
#: What the role, or one that it could become, might change; a table of the engine is none of its business either.
_WRITABLE: Final = text(
    "WITH become AS (SELECT oid FROM pg_roles WHERE pg_has_role(:role, oid, 'MEMBER')) "
    "SELECT DISTINCT format('%s.%s', nspname, relname) FROM become, pg_class "
    "JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE relkind IN ('r', 'p', 'v', 'S') AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' "
    "AND CASE relkind WHEN 'S' THEN has_sequence_privilege(become.oid, pg_class.oid, 'USAGE, UPDATE') "
    "ELSE has_table_privilege(become.oid, pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') END "
    "ORDER BY 1"
)
_MAKES_TABLES: Final = text(
    "SELECT DISTINCT nspname FROM pg_namespace, pg_roles WHERE nspname NOT LIKE 'pg\\_%' "
    "AND pg_has_role(:role, pg_roles.oid, 'MEMBER') AND has_schema_privilege(pg_roles.oid, pg_namespace.oid, 'CREATE') "
    "ORDER BY 1"
)
_HAS_PUBLIC: Final = text("SELECT to_regnamespace('public') IS NOT NULL")
_MAKES_TEMPORARY: Final = text("SELECT has_database_privilege(:role, current_database(), 'TEMPORARY')")
_READABLE: Final = text(
    "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind IN ('r', 'v') "
    "AND has_table_privilege(:role, oid, 'SELECT')"
)


@dataclass(frozen=True)
class Reader:
    """A role that may read: how many tables it can read now, and whether it could make temporary ones."""

    role: str
    database: str
    tables: int
    may_make_temporary_tables: bool


def grant_reader(ledger: Ledger, role: str, password: str | None) -> Reader:
    """Give a role the right to read the ledger, which need not be made yet.

    Args:
        password: makes the role where it is missing, and sets its password where it is not; None takes it as it is.

    Raises:
        UsageError: the name or the role cannot be meant, or the ledger is no PostgreSQL database.
        LedgerError: the ledger's own role may not do this, or the role has further rights.
    """
    if ledger.engine.dialect.name != "postgresql":
        raise UsageError(
            f"the ledger {shown(ledger.engine.url)} is a file of SQLite, which knows no roles; "
            "let readers into its folder by the rights of files"
        )
    if not _PLAIN_NAME.fullmatch(role):
        raise UsageError(f"{role!r} is no plain name of a role; take small letters, digits and _, such as aip_reader")
    with ledger.write() as db:
        database = _make_or_take(db, role, password)
        make_schema(db)
        _grant(db, role, database)
        _refuse_what_can_write(db, role)
        values = {"role": role, "schema": POSTGRESQL_SCHEMA}
        return Reader(
            role=role,
            database=database,
            tables=db.execute(_READABLE, values).scalar_one(),
            may_make_temporary_tables=db.execute(_MAKES_TEMPORARY, {"role": role}).scalar_one(),
        )


def _make_or_take(db: Connection, role: str, password: str | None) -> str:
    """Have the role there, and tell the name of the database."""
    us = db.execute(_ABOUT_US).one()
    has_power = db.execute(_ABOUT_READER, {"role": role}).scalar()
    if role == us.name or has_power:
        raise UsageError(f"the role {role} may do more than read; name one for readers alone, such as aip_reader")
    if password is None:
        if has_power is None:
            raise UsageError(f"there is no role {role}; give --password-file, so that it is made")
    elif not us.may_make_roles:
        raise LedgerError(
            f"the role {us.name} may not make roles; let an administrator of the database make {role} "
            f"(CREATE ROLE {role} LOGIN, and its password by \\password {role}), then leave --password-file out"
        )
    else:
        _set_up(db, role, password, is_new=has_power is None)
    return str(us.database)


def _set_up(db: Connection, role: str, password: str, *, is_new: bool) -> None:
    # The server gets what it keeps, never the password: statements may end in its log.
    link = cast("psycopg.Connection", db.connection.driver_connection)
    verifier = link.pgconn.encrypt_password(password.encode(), role.encode()).decode()
    if is_new:
        db.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
    db.exec_driver_sql(f"ALTER ROLE {role} LOGIN CONNECTION LIMIT {_CONNECTIONS} PASSWORD '{verifier}'")
    db.exec_driver_sql(f"ALTER ROLE {role} SET default_transaction_read_only = on")
    db.exec_driver_sql(f"ALTER ROLE {role} SET statement_timeout = '{_LIMIT_SECONDS}s'")


def _grant(db: Connection, role: str, database: str) -> None:
    quoted = db.dialect.identifier_preparer.quote_identifier(database)
    for statement in (
        f"GRANT CONNECT ON DATABASE {quoted} TO {role}",
        f"GRANT USAGE ON SCHEMA {POSTGRESQL_SCHEMA} TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {POSTGRESQL_SCHEMA} TO {role}",
        # Of tables that the ledger's own role makes, as migrations do.
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {POSTGRESQL_SCHEMA} GRANT SELECT ON TABLES TO {role}",
        # By default everybody may make tables in these two; only the owner of the database can end that.
        f"REVOKE TEMPORARY ON DATABASE {quoted} FROM PUBLIC",
        *(["REVOKE CREATE ON SCHEMA public FROM PUBLIC"] if db.execute(_HAS_PUBLIC).scalar() else []),
    ):
        db.exec_driver_sql(statement)


def _refuse_what_can_write(db: Connection, role: str) -> None:
    places = [*db.execute(_WRITABLE, {"role": role}).scalars(), *db.execute(_MAKES_TABLES, {"role": role}).scalars()]
    if places:
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        raise LedgerError(
            f"the role {role} may also write in {', '.join(places[:3])}{more}; take these rights from it or from "
            "PUBLIC, or its membership in other roles, or name another role"
        )
