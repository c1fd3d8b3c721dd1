"""Who is kept out of a ticket because it is about them. A new table and a column with a default: the previous code goes on."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "recusal",
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_recusal_ticket_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recusal_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_recusal_by_id")),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("pk_recusal")),
    )
    op.create_index("ix_recusal_person_id", "recusal", ["person_id", "ticket_id"])
    op.add_column("ticket", sa.Column("recused", sa.Boolean(), server_default=sa.text("false"), nullable=False))
