"""Chains of signatures: several side by side, copies that decide nothing, whom each is asked of, and which are void.

New columns with defaults. The previous code goes on beside it as long as no item asks for signatures side by side.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ASKED = sa.text("to_id is not null and decision = ''")


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table("approval") as table:
        table.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("kind", sa.String(length=8), nullable=False, server_default="sign"))
        table.add_column(sa.Column("mode", sa.String(length=4), nullable=False, server_default="all"))
        table.add_column(sa.Column("to_id", sa.String(length=22), nullable=True))
        table.add_column(sa.Column("rev", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("decided_rev", sa.Integer(), nullable=True))
        table.add_column(sa.Column("void_rev", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_approval_to_id"), "person", ["to_id"], ["id"])
        table.create_check_constraint(op.f("ck_approval_kind"), "kind in ('sign', 'inform')")
        table.create_check_constraint(op.f("ck_approval_mode"), "mode in ('all', 'any')")
    op.drop_index("ix_approval_ticket_id_step", "approval")
    op.create_index("ix_approval_ticket_id_step", "approval", ["ticket_id", "step"])
    op.create_index("ix_approval_to_id", "approval", ["to_id"], sqlite_where=ASKED, postgresql_where=ASKED)
