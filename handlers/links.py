"""Which tickets belong together, as far as the reader may see them: taken out of each other (拆分), or related (相关)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, bindparam, or_, select

from handlers import access
from handlers.turn import Turn
from models.base import new_id
from models.db import plain
from models.person import Person
from models.sorting import TicketLink
from models.ticket import Ticket

SPLIT: Final = "split"
RELATED: Final = "related"
# Events whose words are the number of the other ticket: read only by whoever may see that one, too.
NUMBERED: Final = frozenset({"split", "split_off", "related", "unrelated"})
_OF: Final = (
    select(TicketLink.ticket_id, TicketLink.other_id, TicketLink.kind)
    .where(or_(TicketLink.ticket_id == bindparam("ticket"), TicketLink.other_id == bindparam("ticket")))
    .order_by(TicketLink.id)
)


@dataclass(frozen=True, slots=True)
class Linked:
    """A ticket that belongs to another. way: "from" (this one was taken out of it), "into" (it was taken out of this one),
    or "related"."""

    ticket: Ticket
    way: str


def of(turn: Turn, ticket: Ticket) -> tuple[Linked, ...]:
    """What belongs to a ticket and may be answered by the speaker of staff, in the order in which it came about."""
    rows = plain(turn.session).execute(_OF, {"ticket": ticket.id}).all()
    ids = {row.other_id if row.ticket_id == ticket.id else row.ticket_id for row in rows}
    if not ids:
        return ()
    wanted = select(Ticket).where(Ticket.id.in_(ids), access.answerable(turn.session, turn.person, turn.now))
    seen = {each.id: each for each in turn.session.execute(wanted).scalars()}
    found = []
    for row in rows:
        mine = row.ticket_id == ticket.id
        other = seen.get(row.other_id if mine else row.ticket_id)
        if other is not None:
            found.append(Linked(other, RELATED if row.kind == RELATED else "from" if mine else "into"))
    return tuple(found)


def sees(turn: Turn, number: str) -> bool:
    """Whether the speaker may see the ticket with a number."""
    wanted = select(Ticket.id).where(Ticket.number == number, access.visible(turn.session, turn.person, turn.now))
    return turn.session.execute(wanted).first() is not None


def between(turn: Turn, ticket: Ticket, other: Ticket, kind: str) -> TicketLink | None:
    """The link of a kind between two tickets, whichever way it was made; None for none."""
    either = or_(
        and_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == other.id),
        and_(TicketLink.ticket_id == other.id, TicketLink.other_id == ticket.id),
    )
    return turn.session.execute(select(TicketLink).where(either, TicketLink.kind == kind)).scalar()


def add(turn: Turn, ticket: Ticket, other: Ticket, kind: str, by: Person) -> None:
    """Write a link; of a split `ticket` is what was taken out of `other`."""
    turn.session.add(
        TicketLink(id=new_id(turn.now), ticket_id=ticket.id, other_id=other.id, kind=kind, by_id=by.id, at=turn.now)
    )
    turn.session.flush()
