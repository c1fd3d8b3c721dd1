"""A leave whose promise a test moves, and its one extension."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers import tickets
from handlers.turn import School
from models.ticket import Ticket
from tests.builders import START, leave_answers, make_school, turn_of

SCHOOL = make_school()


def opened(
    session: Session, span: tuple[str, str] = ("2026-06-18 08:00", "2026-06-18 22:00"), now: datetime = START,
    school: School = SCHOOL, by: str = "李雷",
) -> Ticket:  # fmt: skip
    turn = turn_of(session, by, now, school=school)
    return tickets.open_ticket(turn, school.catalogue.items["leave"], leave_answers(*span, 1))


def extend(session: Session, ticket: Ticket, now: datetime, words: str = "要等教务处核对", by: str = "韩老师") -> None:
    tickets.extend(turn_of(session, by, now, school=SCHOOL), ticket, words)
