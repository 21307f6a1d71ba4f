"""Bring an older ledger up to this program's schema; slow to import, so imported only when needed."""

from importlib import resources

import alembic.command
import alembic.config
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, in the caller's transaction."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(resources.files("processor.ledger") / "migrations"))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")
