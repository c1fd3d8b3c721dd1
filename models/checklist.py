"""Checklists (清单): as an item's file writes them, and the lines that a ticket has, each with who ticked it and when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ID_LENGTH, Base
from models.chain import When
from models.shape import Shape, Words

LONGEST_LINE: Final = 100  # characters: one step, and no report
MOST_LINES: Final = 30  # of one list
LONGEST_NAME: Final = 20


class Line(Words):
    """One line of a checklist: what is to be done. required: the ticket is not resolved (办结) before it is ticked."""

    zh: str = Field(min_length=1, max_length=LONGEST_LINE)
    en: str = Field(default="", max_length=2 * LONGEST_LINE)
    required: bool = False


def _line(value: object) -> object:
    if not isinstance(value, str | dict | Line):
        raise PydanticCustomError("string_type", "a sentence, or one for each language")
    return {"zh": value} if isinstance(value, str) else value


class Checklist(Shape):
    """A row `[[checklist]]`: tickets whose answers meet the condition get these lines when they are opened, all of the
    item's where there is none; by_rule: only where a rule adds it."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\s:：,，]+$")
    lines: tuple[Annotated[Line, BeforeValidator(_line)], ...] = Field(min_length=1, max_length=MOST_LINES)
    when: When | None = None
    by_rule: bool = False


class CheckLine(Base):
    """One line of a ticket's checklist. place: its order on the ticket, from 1, by which it is named.

    checklist and number: which line of which list of the item's version it is; "" and 0 for one that somebody of staff
    added, whose words stand in words, or sealed where the ticket's are. done_by_id and done_at: who ticked it and when.
    """

    __tablename__ = "check_line"
    __table_args__ = (UniqueConstraint("ticket_id", "place"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    place: Mapped[int]
    checklist: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    number: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(String(LONGEST_LINE), default="")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    done_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    done_at: Mapped[datetime | None]
