"""How staff keep tickets in order among themselves: tags of a ticket, which tickets belong together, own reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base

LONGEST_TAG: Final = 20  # characters


class Tag(Base):
    """One tag of a ticket. by_id: who gave it, None where its item gave it by the answers.

    It stands in the clear, since lists are found by it: whoever may see the ticket reads it, and nobody else.
    """

    __tablename__ = "tag"
    __table_args__ = (
        UniqueConstraint("ticket_id", "name"),
        Index("ix_tag_name_ticket_id", "name", "ticket_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_TAG))
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class TicketLink(Base):
    """Two tickets that belong together. kind "split": ticket_id was taken out of other_id; "related": neither leads."""

    __tablename__ = "ticket_link"
    __table_args__ = (
        UniqueConstraint("ticket_id", "other_id", "kind"),
        CheckConstraint("kind in ('split', 'related')", name="kind"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    other_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class OwnReminder(Base):
    """That somebody wants to be reminded of a ticket, once; the row goes when it is done. No limit knows of it."""

    __tablename__ = "own_reminder"
    __table_args__ = (UniqueConstraint("person_id", "ticket_id"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    remind_at: Mapped[datetime] = mapped_column(index=True)
    at: Mapped[datetime]
