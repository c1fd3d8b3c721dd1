"""What somebody of the small school holds: a class, items, and matters that were asked."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from handlers import tickets
from models.ticket import Ticket
from tests.builders import leave_answers, own_catalogue, turn_of

CLASS = "/sl/cs/cs2301/"
DAY = timedelta(days=1)
ITEMS = own_catalogue().items


def opened(session: Session, name: str, slug: str = "consult") -> Ticket:
    answers = leave_answers() if slug == "leave" else {"words": "问一下"}
    return tickets.open_ticket(turn_of(session, name), ITEMS[slug], answers)
