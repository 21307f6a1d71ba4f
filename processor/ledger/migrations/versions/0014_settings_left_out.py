"""Say of each service which changed settings it had to leave out."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("services", sa.Column("settings_left_out", sa.Text(), nullable=True))
