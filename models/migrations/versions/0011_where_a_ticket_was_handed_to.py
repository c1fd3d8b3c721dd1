"""Where a ticket was handed to, beyond the area in which it stands, and which ticket goes on in a duplicate's place.

New columns that may be empty, so the previous code goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

HANDED = sa.text("handed_path is not null")
MERGED = sa.text("kept_id is not null")


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("ticket", sa.Column("handed_path", sa.String(length=200), nullable=True))
    op.add_column("ticket", sa.Column("kept_id", sa.String(length=22), nullable=True))
    op.create_index("ix_ticket_handed_path", "ticket", ["handed_path"], sqlite_where=HANDED, postgresql_where=HANDED)
    op.create_index("ix_ticket_kept_id", "ticket", ["kept_id"], sqlite_where=MERGED, postgresql_where=MERGED)
