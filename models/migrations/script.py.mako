"""${message}.

Rules: one change each, never edited after it landed, must suit the previous code too (expand, then contract).
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    ${upgrades if upgrades else "pass"}
