"""What waits for an account, and which message shows which card, are found without reading all that it ever got.

Indexes only, so the previous code goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("status in ('ready', 'sending')")
CARD = sa.text("card <> ''")


def upgrade() -> None:
    """Go to this revision."""
    op.create_index(
        "ix_outbox_unsettled", "outbox", ["account_id", "lane", "seq"], sqlite_where=UNSETTLED,
        postgresql_where=UNSETTLED,
    )  # fmt: skip
    op.create_index("ix_outbox_card", "outbox", ["account_id", "card"], sqlite_where=CARD, postgresql_where=CARD)
