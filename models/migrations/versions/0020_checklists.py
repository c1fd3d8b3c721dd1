"""Lines of tickets' checklists. A new table, so the previous code goes on beside it."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "check_line",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("checklist", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("done_by_id", sa.String(length=22), nullable=True),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_check_line_ticket_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_check_line_by_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_check_line_done_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_line")),
        sa.UniqueConstraint("ticket_id", "place", name=op.f("uq_check_line_ticket_id_place")),
    )
    op.create_index(op.f("ix_check_line_by_id"), "check_line", ["by_id"])
    op.create_index(op.f("ix_check_line_done_by_id"), "check_line", ["done_by_id"])
