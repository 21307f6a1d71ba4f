"""Keep the rounds of the canary, and mark its runs."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the column of the runs."""
    op.create_table(
        "canary_rounds",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("repository", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("begun_at", sa.Float(), nullable=False),
        sa.Column("deadline_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=True),
        sa.Column("issue", sa.Integer(), nullable=True),
        sa.Column("pull_request", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("cleaned_at", sa.Float(), nullable=True),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("held_until", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("round_id"),
    )
    op.create_index(
        "one_open_canary_round",
        "canary_rounds",
        ["repository"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("canary_rounds_by_issue", "canary_rounds", ["repository", "issue"])
    op.create_index("canary_rounds_by_begin", "canary_rounds", ["begun_at"])
    op.create_index(
        "canary_rounds_unfinished",
        "canary_rounds",
        ["begun_at"],
        sqlite_where=sa.text("cleaned_at IS NULL"),
        postgresql_where=sa.text("cleaned_at IS NULL"),
    )
    op.add_column("runs", sa.Column("is_canary", sa.Boolean(), nullable=False, server_default=sa.text("false")))
