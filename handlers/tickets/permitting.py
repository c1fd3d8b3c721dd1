"""Whether whoever speaks may act on a ticket, asked at the moment of the change."""

from __future__ import annotations

from handlers import access
from handlers.turn import Turn
from models.message import Refused
from models.person import Person
from models.ticket import Ticket


def permit(turn: Turn, ticket: Ticket) -> Person:
    """The speaker, who may answer the ticket now. Raises Refused, as for one that is not there."""
    if turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        raise Refused("ticket.not_found")
    return turn.person
