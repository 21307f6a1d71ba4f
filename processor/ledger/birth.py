"""Make the tables of a new ledger as the schema has them; Alembic, which keeps 10 MB, is for older ledgers.

Source: https://alembic.sqlalchemy.org/en/latest/cookbook.html#building-an-up-to-date-database-from-scratch
"""

import time

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table

from processor.ledger.postgresql_schema import make_schema
from processor.ledger.schema import facts, metadata

#: As Alembic makes it; it looks there for what is left to do.
_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def make_tables(connection: Connection, schema: str) -> None:
    """Make all tables in the caller's transaction, and note their schema and when the ledger was born."""
    if connection.dialect.name == "postgresql":
        make_schema(connection)
    metadata.create_all(connection, checkfirst=False)
    _version.create(connection, checkfirst=False)
    connection.execute(_version.insert().values(version_num=schema))
    connection.execute(facts.insert().values(key="born_at", value=repr(time.time())))
