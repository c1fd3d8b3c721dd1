"""Which matters became one with the same click: told to whoever asked for them once, and taken back together."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from handlers.turn import Turn
from models.base import Instant
from models.ticket import Event, Ticket

# One click is one unit, which has one instant.
_TOGETHER: Final = (
    select(Ticket)
    .join(Event, Event.ticket_id == Ticket.id)
    .where(
        Ticket.kept_id == bindparam("kept"), Event.kind == "merged", Event.by_id == bindparam("by"),
        Event.at == bindparam("at", type_=Instant()),
    )
    .order_by(Ticket.opened_at, Ticket.number)
)  # fmt: skip


def together(turn: Turn, ticket: Ticket, event: Event) -> list[Ticket]:
    """The tickets that the click of this event ("merged", of this ticket) merged into the same one and that still are,
    in the order in which they were opened; the ticket itself alone where nothing went with it."""
    values = {"kept": ticket.kept_id, "by": event.by_id, "at": event.at}
    found = list(turn.session.execute(_TOGETHER, values).scalars()) if ticket.kept_id else []
    return found or [ticket]


def of_one(turn: Turn, ticket: Ticket, event: Event) -> list[Ticket]:
    """Those of them that the same person asked for, who reads of all in one sentence with the first."""
    if ticket.requester_id is None:
        return [ticket]
    return [each for each in together(turn, ticket, event) if each.requester_id == ticket.requester_id] or [ticket]
