"""Two statements of one rule, who sees which ticket, hold the same for everybody and every ticket."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import access, tickets
from handlers.turn import Turn
from models.base import new_id
from models.grid import Shift
from models.person import Person
from models.ticket import Ticket
from tests.builders import CAST, START, add_duty, leave_answers, make_school, own_catalogue, person_of, turn_of

ITEMS = own_catalogue().items


def fill(session: Session) -> None:
    """Tickets of every kind and stage, climbed ones too, of bound people and of a stranger."""
    for name in ("李雷", "韩梅梅", "林涛", "韩老师"):
        turn = turn_of(session, name)
        for slug, answers in (
            ("leave", leave_answers(days=5)), ("consult", {"words": "问一下"}), ("crisis", {"words": "难受"}),
            ("dorm-repair", {"what": "power", "where": "203", "detail": "灯"}),
        ):  # fmt: skip
            ticket = tickets.open_ticket(turn, ITEMS[slug], answers)
            tickets.escalate(Turn(session, make_school(), START, START), ticket, f"escalate:{slug}")
    ticket = session.execute(select(Ticket).where(Ticket.service == "leave").limit(1)).scalar_one()
    tickets.sign(turn_of(session, "韩老师"), ticket)
    add_duty(session, person_of(session, "方老师"), "/sl/cs/cs2302/", "counselor", until_at=START + timedelta(hours=1))
    session.add(Shift(id=new_id(START), person_id=person_of(session, "方老师").id, path="/sl/cs/", role="duty",
                      starts_at=START + timedelta(hours=2), ends_at=START + timedelta(hours=4)))  # fmt: skip
    # A ticket that was given to somebody whose duties reach it no more, and one in the area of the short duty.
    ticket.assignee_id = person_of(session, "方老师").id
    given = session.execute(select(Ticket).where(Ticket.service == "consult").limit(1)).scalar_one()
    given.path, given.owner_id = "/sl/cs/cs2302/", person_of(session, "值班老师甲").id
    session.flush()


def test_it_states_one_rule_three_times(session: Session) -> None:
    fill(session)
    seen = 0
    for now in (START, START + timedelta(hours=3), START + timedelta(days=90)):
        for name in CAST:
            person = session.execute(select(Person).where(Person.name == name)).scalar_one()
            every = set(session.execute(select(Ticket.id).where(access.visible(session, person, now))).scalars())
            ids = list(session.execute(select(Ticket.id)).scalars())
            assert access.seen_of(session, person, ids, now) == every, (name, now)
            if person.kind != "staff":
                continue
            others = Ticket.requester_id.is_(None) | (Ticket.requester_id != person.id)
            visible = set(session.execute(
                select(Ticket.id).where(access.visible(session, person, now), others)
            ).scalars())  # fmt: skip
            reached = set(session.execute(
                select(Ticket.id).where(access.REACHED, others), {"person": person.id, "now": now}
            ).scalars())  # fmt: skip
            assert visible == reached, (name, now)
            within = select(Ticket.id).where(access.within(access.paths_of(session, person, now)), others)
            assert visible == set(session.execute(within, {"person": person.id, "now": now}).scalars()), (name, now)
            for ticket in session.execute(select(Ticket).where(others)).scalars():
                assert access.may_act(session, person, ticket, now) == (ticket.id in visible), (name, ticket.number)
            seen += len(visible)
    assert seen > 30
