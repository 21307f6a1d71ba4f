"""Know which runs GitHub was told of, so that one whose end fell into an outage is announced later."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the time; runs that ended before are taken for announced."""
    op.add_column("runs", sa.Column("announced_at", sa.Float(), nullable=True))
    op.execute("UPDATE runs SET announced_at = finished_at")
