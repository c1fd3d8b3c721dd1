"""What the dormitory keeper does: book that somebody of the own building is back, and nothing else with the matter."""

from __future__ import annotations

from handlers import access, cards, recusals
from handlers.tickets.requester import come_back
from handlers.turn import Turn
from models.message import Refused
from models.person import Person
from models.ticket import Ticket


def may_book(turn: Turn, ticket: Ticket) -> bool:
    """Whether the speaker may book the return of a ticket's student: whoever answers for the ticket, and whoever has one of
    the roles for the student that the rules of the kind name (`books_return`), such as the keeper of the building."""
    if turn.person is None or ticket.requester_id in (None, turn.person.id):
        return False
    if access.may_act(turn.session, turn.person, ticket, turn.now):
        return True
    student = turn.session.get(Person, ticket.requester_id)
    rules = cards.item_of(turn, ticket).leave
    if student is None or rules is None or turn.person.id in recusals.of(turn, ticket):
        return False
    roles = rules.of(ticket.answers.get("kind")).books_return
    if access.KEEPER in roles and access.keeps(turn.session, turn.person, student, turn.now):
        return True
    others = [role for role in roles if role != access.KEEPER]
    return bool(others) and access.has_role_for(turn.session, turn.person, student, others, turn.now)


def book_back(turn: Turn, ticket: Ticket) -> None:
    """Book that the student is back. Raises Refused: as for nobody's ticket, and for a leave that does not run."""
    if not may_book(turn, ticket) or "back" not in turn.school.catalogue.service(ticket.service).marks:
        raise Refused("ticket.not_found")
    come_back(turn, ticket)
