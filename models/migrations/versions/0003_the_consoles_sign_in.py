"""The console's sign-in: credentials, signed-in browsers, one-time links, and how often somebody tried.

New tables only, so the previous code goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "attempt",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=False),
        sa.Column("forget_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_table(
        "credential",
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("password", sa.String(length=160), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("recovery", sa.JSON(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "entrance",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('enter', 'password')", name=op.f("ck_entrance_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entrance_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrance")),
    )
    op.create_index(op.f("ix_entrance_person_id"), "entrance", ["person_id"])
    op.create_table(
        "seat",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("step in ('', 'code', 'enrol', 'password')", name=op.f("ck_seat_step")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_index(op.f("ix_seat_person_id"), "seat", ["person_id"])
