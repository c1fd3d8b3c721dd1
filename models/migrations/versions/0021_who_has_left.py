"""An index of people who have left, for whom every inbox asks. The previous code goes on beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_index(
        "ix_person_gone", "person", ["kind"], sqlite_where=sa.text("active is 0"),
        postgresql_where=sa.text("active is false"),
    )  # fmt: skip
