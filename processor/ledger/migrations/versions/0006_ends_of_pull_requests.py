"""Find the pull requests that ended in a period without a look at every one there ever was."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("pull_requests_by_end", "pull_requests", ["closed_at"])
