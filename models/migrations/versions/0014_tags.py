"""Tags that staff give to tickets. A new table, so the previous code goes on beside it."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "tag",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_tag_ticket_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_tag_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("ticket_id", "name", name=op.f("uq_tag_ticket_id_name")),
    )
    op.create_index("ix_tag_name_ticket_id", "tag", ["name", "ticket_id"])
    op.create_index(op.f("ix_tag_by_id"), "tag", ["by_id"])
