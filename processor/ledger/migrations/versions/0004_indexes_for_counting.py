"""Find dead letters and open pull requests without a look at every run and pull request there ever was."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two partial indexes."""
    op.create_index(
        "dead_letters",
        "runs",
        ["repository", "issue"],
        sqlite_where=sa.text("is_dead_letter IS 1"),
        postgresql_where=sa.text("is_dead_letter IS true"),
    )
    op.create_index(
        "open_pull_requests",
        "pull_requests",
        ["repository", "review_state"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
