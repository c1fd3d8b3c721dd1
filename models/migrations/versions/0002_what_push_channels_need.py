"""What push channels need: an inbox, what a platform calls a message, lanes that wait, accounts that are closed.

Additions with defaults only, so the previous code goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("album", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.CheckConstraint("status in ('waiting', 'quarantined')", name=op.f("ck_inbox_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_inbox_channel_key")),
    )
    op.create_index("ix_inbox_channel_status_place", "inbox", ["channel", "status", "place"])
    for name, length in (("refs", 200), ("ref", 32), ("pressed", 32), ("card", 40)):
        op.add_column("outbox", sa.Column(name, sa.String(length=length), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_outbox_account_id_ref", "outbox", ["account_id", "ref"])
    op.add_column("sender", sa.Column("lanes", sa.JSON(), nullable=True))
    op.add_column("sender", sa.Column("pace", sa.Double(), nullable=True))
    op.add_column("sender", sa.Column("slowed_at", Instant(timezone=True), nullable=True))
    op.add_column("account", sa.Column("closed", sa.String(length=16), nullable=False, server_default=sa.text("''")))
