"""An area's tickets in the order in which they were opened, so that its newest are found without sorting all of them.

One index takes the place of another that it begins with, so the previous code goes on beside it.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_index("ix_ticket_path_id", "ticket", ["path", "id"])
    op.drop_index("ix_ticket_path", table_name="ticket")
