"""What hangs on a matter that goes on for several: whoever asked for a duplicate hears of the answer to the kept one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from handlers.tickets.record import record
from handlers.turn import Turn
from models.ticket import Ticket

MOST: Final = 50  # of a chain or of those that hang on one matter; nobody merges more by hand


def kept_of(turn: Turn, ticket: Ticket) -> Ticket:
    """The matter that goes on in a duplicate's place, to the end of the chain; the ticket itself where it is none."""
    found, seen = ticket, {ticket.id}
    while found.kept_id is not None and len(seen) < MOST:
        following = turn.session.get(Ticket, found.kept_id)
        if following is None or following.id in seen:
            break
        found = following
        seen.add(found.id)
    return found


def tell_on(turn: Turn, ticket: Ticket, words: str) -> None:
    """Whoever asked for a duplicate hears the answer to the matter that went on in its place, on the own ticket."""
    found: dict[str, Ticket] = {}
    ids = {ticket.id}
    while ids and len(found) < MOST:
        # Locked in one order, so that two answers do not wait for each other.
        statement = select(Ticket).where(Ticket.kept_id.in_(ids)).order_by(Ticket.id).with_for_update()
        fresh = [each for each in turn.session.execute(statement).scalars() if each.id not in found]
        found |= {each.id: each for each in fresh}
        ids = {each.id for each in fresh}
    for each in found.values():
        if each.requester_id is None or each.requester_id != ticket.requester_id:  # Else he hears of it already.
            record(turn, each, "concluded", by=turn.person, words=words)
