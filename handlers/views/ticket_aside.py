"""What staff keep beside a ticket, for its page: its tags, and those in use to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import tags
from handlers.turn import Turn
from models.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Aside:
    """tags: of the ticket. in_use: others to choose from."""

    tags: tuple[str, ...] = ()
    in_use: tuple[str, ...] = ()


def of(turn: Turn, ticket: Ticket) -> Aside:
    """What stands beside a ticket; whoever calls has asked access about it."""
    given = tags.of(turn, [ticket.id]).get(ticket.id, ())
    return Aside(given, tuple(name for name in tags.in_use(turn) if name not in given))
