"""How a ticket went, in figures: derived from its events by the tally, and made anew from them at any time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Score(Base):
    """One ticket's figures as of its revision `rev`; figures are sums over these rows and never over events.

    answer_by: the promise of the first answer as it stood when it was given, or stands now; answered_at: that answer.
    answered_in: working seconds from the opening to it. decide_by and ended_at: the same of the decision or the end, of
    the last round. reopened, climbed: how often it was opened again, and how often silence climbed. helped: what the
    student said when asked whether it helped; asked_help: that he was asked. stars: the last rating, 1 to 5.
    """

    __tablename__ = "score"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    rev: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_in: Mapped[int | None]
    decide_by: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0)
    climbed: Mapped[int] = mapped_column(default=0)
    asked_help: Mapped[bool] = mapped_column(default=False)
    helped: Mapped[bool | None]
    stars: Mapped[int | None]
