"""A leave or a question that is decided, and corrected when nothing can be taken back any more (更正)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.turn import Turn
from models.db import seal_of
from models.message import Refused, unpack
from models.person import Account, Person
from models.ticket import Ticket
from tests.builders import START, leave_answers, make_school, turn_of

SCHOOL = make_school()
SOON = START + timedelta(minutes=10)  # too late to take anything back


def by(session: Session, name: str, now: datetime = SOON) -> Turn:
    return turn_of(session, name, now, school=SCHOOL)


def leave(session: Session, days: float = 1.5, **span: str) -> Ticket:
    item = SCHOOL.catalogue.items["leave"]
    return tickets.open_ticket(by(session, "李雷", START), item, leave_answers(days=days, **span))


def question(session: Session) -> Ticket:
    item = SCHOOL.catalogue.items["consult"]
    return tickets.open_ticket(by(session, "李雷", START), item, {"words": "补考是哪天"})


def correct(session: Session, ticket: Ticket, to: str, name: str = "韩老师", now: datetime = SOON) -> None:
    tickets.correct(by(session, name, now), ticket, to, "看错了日期")
    session.flush()


def refusal(session: Session, ticket: Ticket, to: str, name: str = "韩老师", now: datetime = SOON) -> str:
    before = (ticket.rev, ticket.status, ticket.resolution, ticket.back_at)
    with pytest.raises(Refused) as caught:
        correct(session, ticket, to, name, now)
    assert before == (ticket.rev, ticket.status, ticket.resolution, ticket.back_at)
    by(session, name, now).say(caught.value.key, **caught.value.values)  # It has a sentence, with all it needs.
    return caught.value.key


def kinds(session: Session, ticket: Ticket) -> list[str]:
    return [event.kind for event in tickets.events_of(by(session, "李雷"), ticket)]


def told(session: Session) -> dict[str, str]:
    """What each person was told since the last look: {name: words}."""
    found = {}
    for row in session.info.pop("posted", []):
        address = session.get_one(Account, row["account_id"])
        person = session.get_one(Person, address.person_id)
        found[person.name] = unpack(seal_of(session).open(f"outbox.body:{row['id']}", row["body"]))[0].text
    session.info["posted"] = []
    return found
