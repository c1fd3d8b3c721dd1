"""Which matter goes on from which (续假): what is asked for and not decided yet, and the one that is in force now."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, bindparam, select

from handlers.turn import Turn
from models.ticket import OPEN, Ticket
from models.unit import finds

BY: Final = "continued"  # the answer of a leave that ended because another goes on from it: that one's number
_UNDECIDED: Final = and_(
    Ticket.requester_id == bindparam("person"), Ticket.service == bindparam("service"), Ticket.status.in_(OPEN),
    Ticket.back_at.is_(None),
)  # fmt: skip
_ANY: Final = select(Ticket.id).where(_UNDECIDED).limit(1)
_OPEN_ONES: Final = select(Ticket).where(_UNDECIDED).order_by(Ticket.number)
_NUMBERED = select(Ticket).where(Ticket.number == bindparam("number"))


def numbered(turn: Turn, number: str) -> Ticket | None:
    """A matter by its number, to be read and not to be changed."""
    found: Ticket | None = turn.session.execute(_NUMBERED, {"number": number}).scalar()
    return found


def pending_of(turn: Turn, ticket: Ticket) -> Ticket | None:
    """What was asked for to go on from a matter and is not decided yet, None for nothing."""
    values = {"person": ticket.requester_id, "service": ticket.service}
    if not finds(turn.session, _ANY, values):
        return None
    rows = turn.session.execute(_OPEN_ONES, values).scalars()
    return next((each for each in rows if each.answers.get("extends") == ticket.number), None)


def newest_of(turn: Turn, ticket: Ticket) -> Ticket:
    """The matter that is in force now: what goes on from this one, at the end of the line, or this one itself."""
    seen = {ticket.number}
    while (number := ticket.answers.get(BY)) and number not in seen:
        following = numbered(turn, number)
        if following is None:
            break
        seen.add(number)
        ticket = following
    return ticket
