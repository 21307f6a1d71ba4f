"""Make the tables, or bring older ones up to this program's schema; slow to import, so imported only when needed."""

import time
from importlib import resources

import alembic.command
import alembic.config
from sqlalchemy import Connection

from processor.ledger.postgresql_schema import make_schema
from processor.ledger.schema import facts


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, in the caller's transaction; a new ledger notes when it was born."""
    if connection.dialect.name == "postgresql":
        make_schema(connection)
    config = alembic.config.Config()
    config.set_main_option("script_location", str(resources.files("processor.ledger") / "migrations"))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")
    if connection.execute(facts.select().where(facts.c.key == "born_at")).first() is None:
        connection.execute(facts.insert().values(key="born_at", value=repr(time.time())))
