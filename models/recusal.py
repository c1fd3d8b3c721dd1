"""Who is kept out of which ticket (回避): it is about them, so they neither decide on it nor see it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Recusal(Base):
    """One member of staff who is kept out of one ticket, for as long as the ticket is kept.

    by_id: who of staff said so; None where the words of whoever asked did. Such a ticket is marked (Ticket.recused), so
    that nothing is asked of the others.
    """

    __tablename__ = "recusal"
    __table_args__ = (Index("ix_recusal_person_id", "person_id", "ticket_id"),)

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
