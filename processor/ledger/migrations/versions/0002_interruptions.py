"""Count how often a crash cut a phase short, so that a run that kills its services ends."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the count; phases of before were never counted."""
    op.add_column("phases", sa.Column("interruptions", sa.Integer(), nullable=False, server_default="0"))
