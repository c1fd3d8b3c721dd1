"""The first schema.

Rules: one change each, never edited after it landed, must suit the previous code too (expand, then contract).
"""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("thing", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "counter",
        sa.Column("series", sa.String(length=24), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counter")),
    )
    op.create_table(
        "dialogue",
        sa.Column("holder", sa.String(length=23), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("holder", name=op.f("pk_dialogue")),
    )
    op.create_table(
        "fired",
        sa.Column("job", sa.String(length=32), nullable=False),
        sa.Column("fire_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "fire_at", name=op.f("pk_fired")),
    )
    op.create_table(
        "grid",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("tree", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.CheckConstraint("tree in ('academic', 'residential', 'office')", name=op.f("ck_grid_tree")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("code", name=op.f("uq_grid_code")),
        sa.UniqueConstraint("path", name=op.f("uq_grid_path")),
    )
    op.create_table(
        "item_version",
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service", "version", name=op.f("pk_item_version")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "sender",
        sa.Column("bot", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=False),
        sa.Column("next_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot", name=op.f("pk_sender")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("academic_path", sa.String(length=200), nullable=True),
        sa.Column("residential_path", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind in ('student', 'staff')", name=op.f("ck_person_kind")),
        sa.ForeignKeyConstraint(["academic_path"], ["grid.path"], name=op.f("fk_person_academic_path")),
        sa.ForeignKeyConstraint(["residential_path"], ["grid.path"], name=op.f("fk_person_residential_path")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("number", name=op.f("uq_person_number")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=True),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("more", sa.LargeBinary(), nullable=True),
        sa.Column("used_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_account_channel_key")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index("ix_account_person_id_used_at", ["person_id", "used_at"], unique=False)

    op.create_table(
        "code",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("from_at", Instant(timezone=True), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["path"], ["grid.path"], name=op.f("fk_duty_path")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index("ix_duty_path_role", ["path", "role"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_person_id"), ["person_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(length=22), nullable=True),
        sa.Column("to_id", sa.String(length=22), nullable=True),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_event_by_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_event_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_ticket_id_rev", ["ticket_id", "rev"], unique=True)

    op.create_table(
        "shift",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("starts_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_shift_order")),
        sa.ForeignKeyConstraint(["path"], ["grid.path"], name=op.f("fk_shift_path")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shift_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.create_index("ix_shift_path_role_starts_at", ["path", "role", "starts_at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("bot", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("dedupe_key", sa.String(length=96), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=True),
        sa.Column("event_rev", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("settled_at", Instant(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "status in ('ready', 'sending', 'sent', 'seen', 'failed', 'held')", name=op.f("ck_outbox_status")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outbox_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_account_id_seq", ["account_id", "seq"], unique=False)
        batch_op.create_index(
            "ix_outbox_claim",
            ["bot", "lane", "due_at"],
            unique=False,
            sqlite_where=sa.text("status = 'ready'"),
            postgresql_where=sa.text("status = 'ready'"),
        )
        batch_op.create_index(
            "ix_outbox_sending",
            ["bot"],
            unique=False,
            sqlite_where=sa.text("status = 'sending'"),
            postgresql_where=sa.text("status = 'sending'"),
        )
        batch_op.create_index("ix_outbox_ticket_id", ["ticket_id"], unique=False)

    op.create_table(
        "received",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.CheckConstraint("status in ('done', 'quarantined')", name=op.f("ck_received_status")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_received_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_received_channel_key")),
    )
    with op.batch_alter_table("received", schema=None) as batch_op:
        batch_op.create_index("ix_received_account_id_seq", ["account_id", "seq"], unique=False)
        batch_op.create_index("ix_received_at", ["at"], unique=False)

    op.create_table(
        "signin",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_signin_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signin")),
    )
    with op.batch_alter_table("signin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signin_account_id"), ["account_id"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("requester_id", sa.String(length=22), nullable=True),
        sa.Column("account_id", sa.String(length=22), nullable=True),
        sa.Column("assignee_id", sa.String(length=22), nullable=True),
        sa.Column("owner_id", sa.String(length=22), nullable=True),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("resolution", sa.String(length=16), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=True),
        sa.Column("back_at", Instant(timezone=True), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status in ('resolved', 'closed')) = (resolution is not null)", name=op.f("ck_ticket_resolution")
        ),
        sa.CheckConstraint(
            "status in ('new', 'in_progress', 'waiting', 'resolved', 'closed')", name=op.f("ck_ticket_status")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ticket_account_id")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_ticket_assignee_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_ticket_owner_id")),
        sa.ForeignKeyConstraint(["path"], ["grid.path"], name=op.f("fk_ticket_path")),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name=op.f("fk_ticket_requester_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_number")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_assignee_id_status", ["assignee_id", "status"], unique=False)
        batch_op.create_index(
            "ix_ticket_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at is not null"),
            postgresql_where=sa.text("due_at is not null"),
        )
        batch_op.create_index("ix_ticket_path", ["path"], unique=False)
        batch_op.create_index("ix_ticket_requester_id_opened_at", ["requester_id", "opened_at"], unique=False)

    op.create_table(
        "approval",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=True),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("decided_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_approval_person_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_approval_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index("ix_approval_ticket_id_step", ["ticket_id", "step"], unique=True)

    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_attachment_account_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_attachment_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("ix_attachment_ticket_id", ["ticket_id"], unique=False)

    op.create_table(
        "sealed_answer",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("ticket_id", sa.String(length=22), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_sealed_answer_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_answer")),
    )
    with op.batch_alter_table("sealed_answer", schema=None) as batch_op:
        batch_op.create_index("ix_sealed_answer_ticket_id", ["ticket_id"], unique=False)
