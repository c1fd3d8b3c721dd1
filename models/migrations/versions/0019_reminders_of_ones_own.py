"""Reminders that members of staff set for themselves on a ticket. A new table, so the previous code goes on beside it."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "own_reminder",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("remind_at", Instant(timezone=True), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_own_reminder_ticket_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_reminder_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_reminder")),
        sa.UniqueConstraint("person_id", "ticket_id", name=op.f("uq_own_reminder_person_id_ticket_id")),
    )
    op.create_index(op.f("ix_own_reminder_remind_at"), "own_reminder", ["remind_at"])
