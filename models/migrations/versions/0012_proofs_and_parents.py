"""What has to be shown for a matter and by when, whose parents were asked, and their telephone in the roster.

A new column that may be null, and new tables, so the previous code goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OWED = sa.text("status = 'owed'")


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("person", sa.Column("guardian_phone", sa.LargeBinary(), nullable=True))
    op.create_table(
        "confirmation",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=4), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("answer in ('', 'yes', 'no', 'void')", name=op.f("ck_confirmation_answer")),
        sa.CheckConstraint("how in ('link', 'phone')", name=op.f("ck_confirmation_how")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_confirmation_ticket_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_confirmation_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("code", name=op.f("uq_confirmation_code")),
    )
    op.create_index(op.f("ix_confirmation_ticket_id"), "confirmation", ["ticket_id"])
    op.create_table(
        "proof",
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=True),
        sa.Column("reminded_at", Instant(timezone=True), nullable=True),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("status in ('owed', 'given', 'checked', 'waived', 'late')", name=op.f("ck_proof_status")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_proof_ticket_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_proof_by_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_proof")),
    )
    op.create_index("ix_proof_due_at", "proof", ["due_at"], sqlite_where=OWED, postgresql_where=OWED)
