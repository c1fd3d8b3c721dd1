"""How pressing a matter is: a ticket's priority, by which its limits may differ.

The previous code goes on beside it: what it does not know has a default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("ticket", sa.Column("priority", sa.String(8), nullable=False, server_default=sa.text("'normal'")))
