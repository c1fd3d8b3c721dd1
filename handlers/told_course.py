"""The course of a ticket as chat shows it: every event of its timeline, and what a signer weighs before deciding."""

from __future__ import annotations

from typing import Final

from handlers import notices, refusals, returns, tickets
from handlers.turn import Turn
from models.ticket import Ticket

MOST: Final = 40  # events of a timeline in chat


def told(turn: Turn, ticket: Ticket, *, staff: bool, whole: bool) -> str:
    """The head, the newest events, and for staff who read the whole how the proof stands and what the leaves add up to."""
    lines = [turn.say("mine.timeline", number=ticket.number)]
    if ticket.rev > MOST:
        lines.append(turn.say("mine.timeline_earlier", count=ticket.rev - MOST))
    lines.append(notices.timeline(turn, ticket, tickets.last_of(turn, ticket, MOST), staff=staff, whole=whole))
    lines.append(returns.weighed(turn, ticket) if staff and whole else "")
    lines.append(refusals.standing(turn, ticket) if not staff else "")
    return "\n".join(filter(None, lines))
