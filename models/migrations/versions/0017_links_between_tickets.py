"""Links between tickets: what was taken out of another, and what is related. A new table, so the previous code goes on beside it."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "ticket_link",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("other_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('split', 'related')", name=op.f("ck_ticket_link_kind")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_link_ticket_id")),
        sa.ForeignKeyConstraint(["other_id"], ["ticket.id"], name=op.f("fk_ticket_link_other_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_ticket_link_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_link")),
        sa.UniqueConstraint("ticket_id", "other_id", "kind", name=op.f("uq_ticket_link_ticket_id_other_id_kind")),
    )
    op.create_index(op.f("ix_ticket_link_other_id"), "ticket_link", ["other_id"])
