"""Absences with their stand-ins, swaps of shifts, handing over, the duty line of an area, and a person's shifts by index.

New tables, a column with a default and an index, so the previous code goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("grid", sa.Column("phone", sa.String(length=32), server_default=sa.text("''"), nullable=False))
    op.create_index("ix_shift_person_id_ends_at", "shift", ["person_id", "ends_at"])
    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("from_at", Instant(timezone=True), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=False),
        sa.Column("stand_in_id", sa.String(length=22), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_absence_order")),
        sa.CheckConstraint("stand_in_id <> person_id", name=op.f("ck_absence_another")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"], name=op.f("fk_absence_stand_in_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_absence_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_person_id_until_at", "absence", ["person_id", "until_at"])
    op.create_index("ix_absence_stand_in_id_until_at", "absence", ["stand_in_id", "until_at"])
    op.create_table(
        "swap",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("shift_id", sa.String(length=22), nullable=False),
        sa.Column("return_id", sa.String(length=22), nullable=True),
        sa.Column("from_id", sa.String(length=22), nullable=False),
        sa.Column("to_id", sa.String(length=22), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("decided_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("status in ('asked', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_swap_status")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_swap_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_swap_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap")),
    )
    op.create_index("ix_swap_shift_id", "swap", ["shift_id"])
    op.create_index(op.f("ix_swap_to_id"), "swap", ["to_id"])
    op.create_table(
        "handover",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("from_id", sa.String(length=22), nullable=False),
        sa.Column("to_id", sa.String(length=22), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("undone_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_handover_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_handover_to_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_handover_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_from_id"), "handover", ["from_id"])
