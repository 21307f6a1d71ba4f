"""Keep checklists with their signatures, and GitHub's security alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "checklist_turns",
        sa.Column("checklist", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("finished_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("checklist", "section", "date"),
    )
    _make_results()
    op.create_table(
        "security_alerts",
        sa.Column("repository", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("open_alerts", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("repository", "kind"),
    )


def _make_results() -> None:
    op.create_table(
        "checklist_results",
        sa.Column("checklist", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("needs_person", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.Float(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("checklist", "date", "item"),
    )
    op.create_index("checklist_results_by_item", "checklist_results", ["item", "date"])
    op.create_table(
        "checklist_signatures",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("checklist", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("signed_at", sa.Float(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("checklist_signatures_by_item", "checklist_signatures", ["checklist", "date", "item"])
