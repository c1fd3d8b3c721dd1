"""What is asked of the guides, in numbers, and questions that found no answer. New tables, so the previous code goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "guide_count",
        sa.Column("on", sa.String(length=10), nullable=False),
        sa.Column("guide", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("on", "guide", "kind", name=op.f("pk_guide_count")),
    )
    op.create_table(
        "unanswered",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unanswered")),
    )
    op.create_index(op.f("ix_unanswered_last_on"), "unanswered", ["last_on"])
