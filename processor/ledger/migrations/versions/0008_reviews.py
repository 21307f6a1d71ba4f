"""Keep when a pull request was first reviewed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, null for what is there: it is filled in when the pull request is looked at next."""
    op.add_column("pull_requests", sa.Column("first_reviewed_at", sa.Float()))
