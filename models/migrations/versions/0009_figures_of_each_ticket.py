"""Figures of each ticket, kept up to its events by the tally.

A table beside the others, so the previous code goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "score",
        sa.Column("ticket_id", sa.String(22), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("answer_by", Instant(timezone=True)),
        sa.Column("answered_at", Instant(timezone=True)),
        sa.Column("answered_in", sa.Integer()),
        sa.Column("decide_by", Instant(timezone=True)),
        sa.Column("ended_at", Instant(timezone=True)),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("climbed", sa.Integer(), nullable=False),
        sa.Column("asked_help", sa.Boolean(), nullable=False),
        sa.Column("helped", sa.Boolean()),
        sa.Column("stars", sa.Integer()),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_score_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_score")),
    )
    op.create_index(op.f("ix_score_opened_at"), "score", ["opened_at"])
