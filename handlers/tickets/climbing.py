"""Who comes next above when a matter is silent: level by level, past who is away, vacant, concerned or the silent one."""

from __future__ import annotations

from sqlalchemy import select

from handlers import cards, directory, memory, signers
from handlers.tickets.record import write_out
from handlers.turn import Turn
from models.person import Person
from models.ticket import Event, Ticket

# Events that name somebody without having told of silence: these may still be told of it.
_NO_CLIMB = ("urged", "rated", "informed", "transferred", "assigned", "handed_over")


def above(turn: Turn, ticket: Ticket) -> list[Person]:
    """Who leads where a ticket is, nearest first: in the office that has it, then where it stands.

    Left out are who has it and whoever stands in for them, and those whom it is about; a level that is vacant, or whose
    leader is away without a stand-in, does not appear.
    """
    here, there = _leads(turn, ticket.path), _leads(turn, ticket.handed_path) if ticket.handed_path else []
    acting = memory.once(
        turn, ("acting", ticket.assignee_id), lambda: directory.stand_in(turn.session, ticket.assignee_id, turn.now)
    )
    passed = signers.concerned_by(turn, cards.item_of(turn, ticket), ticket) | {ticket.assignee_id}
    passed |= {acting.id} if acting is not None else set()
    return [each for each in [*(each for each in there if each not in here), *here] if each.id not in passed]


def next_up(turn: Turn, ticket: Ticket) -> Person | None:
    """The next one above whom nobody has told that a matter is silent; None when nobody is left."""
    write_out(turn)  # What it was told of a moment ago counts.
    told = set(turn.session.execute(
        select(Event.to_id)
        .where(Event.ticket_id == ticket.id, Event.to_id.is_not(None), Event.kind.not_in(_NO_CLIMB))
    ).scalars())  # fmt: skip
    return next((person for person in above(turn, ticket) if person.id not in told), None)


def _leads(turn: Turn, path: str) -> list[Person]:
    return memory.once(turn, ("leads", path), lambda: directory.leads(turn.session, path, turn.now))
