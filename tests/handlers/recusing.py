"""A matter in whose words somebody is complained of: opened, and by whom it is seen."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import access, tickets
from handlers.views import inbox_reach
from models.person import Person
from models.ticket import Ticket
from tests.builders import START, own_catalogue, person_of, turn_of

ABOUT_HAN = "我要投诉韩老师，她当着全班骂我"
ITEMS = own_catalogue().items


def opened(session: Session, words: str = ABOUT_HAN, slug: str = "consult", who: str = "李雷") -> Ticket:
    answers = {
        "consult": {"words": words}, "youth-mailbox": {"topic": "other", "letter": words},
        "dorm-repair": {"what": "water", "where": "1号楼203", "detail": words},
    }[slug]  # fmt: skip
    return tickets.open_ticket(turn_of(session, who), ITEMS[slug], answers)


def name(session: Session, person_id: str | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else ""


def seen_by(session: Session, who: str, ticket: Ticket) -> set[bool]:
    """Whether somebody sees a ticket, by each of the ways in which that is asked."""
    person, now = person_of(session, who), START
    values = {"person": person.id, "now": now}
    reach = inbox_reach.of(turn_of(session, who))
    asked = (
        select(Ticket.id).where(access.visible(session, person, now)),
        select(Ticket.id).where(access.REACHED),
        reach.live(),
        reach.past(),
        reach.newest(50),
    )
    found = {ticket.id in set(session.execute(each, values).scalars()) for each in asked}
    return found | {access.may_act(session, person, ticket, now)}
