"""What has to be shown for a matter and by when, and what parents said to it: by a one-time link, or on the telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base

IS_OWED: Final = "status = 'owed'"


class Confirmation(Base):
    """One asking of a student's parents. code: the keyed hash of a one-time link, None for a telephone call.

    phone: sealed, the number that it went to or that was called. by_id: the member of staff who asked. answer: "" while
    it is awaited, yes, no, or void once another asking took its place. how: link or phone.
    """

    __tablename__ = "confirmation"
    __table_args__ = (
        CheckConstraint("answer in ('', 'yes', 'no', 'void')", name="answer"),
        CheckConstraint("how in ('link', 'phone')", name="how"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), index=True)
    code: Mapped[str | None] = mapped_column(String(32), unique=True)
    phone: Mapped[bytes] = mapped_column(LargeBinary)
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(4), default="")
    how: Mapped[str] = mapped_column(String(8))
    answered_at: Mapped[datetime | None]


class Proof(Base):
    """What has to be shown for a ticket. status: owed, given, checked by whoever decides, waived, or late once its day passed.
    by_id: who checked it; while it is only given who opened it last."""

    __tablename__ = "proof"
    __table_args__ = (
        Index("ix_proof_due_at", "due_at", sqlite_where=text(IS_OWED), postgresql_where=text(IS_OWED)),
        CheckConstraint("status in ('owed', 'given', 'checked', 'waived', 'late')", name="status"),
    )

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    status: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
