"""The console's inbox: by when staff must act, indexes of open tickets, kept filters, and notices that wait a moment.

A new column that may be null, new indexes and new tables, so the previous code goes on beside it. Until a ticket's
next event its owed_at is what is due next at it, which is at most one reminder too early.
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPEN = sa.text("status in ('new', 'in_progress', 'waiting')")
TOLD = sa.text("to_id is not null")


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("ticket", sa.Column("owed_at", Instant(timezone=True), nullable=True))
    op.execute(
        "update ticket set owed_at = case when status = 'waiting' then back_at else due_at end "
        "where status in ('new', 'in_progress', 'waiting')"
    )
    for name, columns in (
        ("ix_ticket_owed_at", ["owed_at", "id"]),
        ("ix_ticket_path_owed_at", ["path", "owed_at", "id"]),
        ("ix_ticket_owner_id", ["owner_id"]),
    ):
        op.create_index(name, "ticket", columns, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_event_to_id", "event", ["to_id", "ticket_id"], sqlite_where=TOLD, postgresql_where=TOLD)
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_filter_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    op.create_index(op.f("ix_saved_filter_person_id"), "saved_filter", ["person_id"])
    op.create_table(
        "postponed",
        sa.Column("event_id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("bulk", sa.String(length=22), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=False),
        sa.Column("tell_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_postponed_by_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_postponed_ticket_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_postponed")),
    )
    op.create_index(op.f("ix_postponed_bulk"), "postponed", ["bulk"])
    op.create_index(op.f("ix_postponed_tell_at"), "postponed", ["tell_at"])
