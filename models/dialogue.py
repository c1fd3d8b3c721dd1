"""Dialogues and deliveries: what is half said, and what came in with the answer that was given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base


class Dialogue(Base):
    """The half-filled forms of one person (or of an account that is not bound), sealed as a whole.

    holder is "p" + person id or "a" + account id, so that a person goes on from any channel. rev grows with every
    change, and the buttons of a form carry it.
    """

    __tablename__ = "dialogue"

    holder: Mapped[str] = mapped_column(String(ID_LENGTH + 1), primary_key=True)
    rev: Mapped[int] = mapped_column(default=0)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class Received(Base):
    """One delivery of a channel, with its stored answer; the unique key is the proof against doubles."""

    __tablename__ = "received"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index("ix_received_account_id_seq", "account_id", "seq"),
        Index("ix_received_at", "at"),
        CheckConstraint("status in ('done', 'quarantined')", name="status"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(160))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(12), default="done")
    body: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: what was said
    answer: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: what was answered
    trace: Mapped[str] = mapped_column(Text, default="")  # of a bug: code places only, never values
