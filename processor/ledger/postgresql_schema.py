"""Make the ledger's own schema inside a PostgreSQL database."""

from sqlalchemy import Connection, text

from processor.ledger.address import POSTGRESQL_SCHEMA


def make_schema(connection: Connection) -> None:
    """Make it unless it is there, under the caller's write lock.

    IF NOT EXISTS asks for the right to create even when there is nothing to do, and a DBA may have made the schema.
    """
    found = connection.execute(text("SELECT to_regnamespace(:name)"), {"name": POSTGRESQL_SCHEMA}).scalar()
    if found is None:
        connection.execute(text(f"CREATE SCHEMA {POSTGRESQL_SCHEMA}"))
