"""A ticket that nobody has is an alarm: whoever leads its area is told at once, and it stands under 未分配."""

from __future__ import annotations

import structlog

from handlers import directory, recusals
from handlers.tickets.record import record
from handlers.turn import Turn
from models.ticket import Ticket

log = structlog.get_logger()


def alarm(turn: Turn, ticket: Ticket) -> None:
    """Tell whoever leads the area of a ticket that it lies with nobody; nothing for one that somebody has."""
    if ticket.assignee_id is not None or not ticket.is_open:
        return
    kept = recusals.of(turn, ticket)
    above = [
        person
        for person in directory.leads(turn.session, ticket.path, turn.now, kept)
        if person.id != ticket.requester_id and person.kind == "staff"
    ]
    if not above:
        log.warning("unowned_unheard", ticket=ticket.id)
    record(turn, ticket, "unowned", to=above[0] if above else None, audience="staff")
