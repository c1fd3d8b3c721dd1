"""What the passing of time does to a ticket: remind, escalate, follow up."""

from __future__ import annotations

import structlog

from handlers import limits
from handlers.tickets.climbing import ladder_of, next_up, tell_of
from handlers.tickets.record import record
from handlers.turn import Turn
from models.person import Person
from models.ticket import Ticket

log = structlog.get_logger()


def remind(turn: Turn, ticket: Ticket, key: str, *, back: bool = False) -> None:
    """Tell the assignee that a limit nears (or the student that the return is due); the event is the memory of it."""
    record(turn, ticket, "reminded_back" if back else "reminded", key=key)


def follow_up(turn: Turn, ticket: Ticket, key: str) -> None:
    """Ask the student whether the answer held."""
    record(turn, ticket, "followed_up", key=key)


def look_again(turn: Turn, ticket: Ticket) -> None:
    """Reckon the next due instant anew: nothing was due after all, or what was due was passed over."""
    ticket.due_at, ticket.owed_at = limits.due_and_owed(turn, ticket, limits.marks(turn, ticket))


def pass_over(turn: Turn, ticket: Ticket, key: str) -> None:
    """Write down a step that a later one made pointless, so that it is never due again."""
    record(turn, ticket, "passed_over", key=key, audience="staff")


def escalate(turn: Turn, ticket: Ticket, key: str) -> Person | None:
    """Tell the next one up the grid who leads and has not been told of this promise; None when nobody is left above.

    Skips the assignee and whom the matter concerns, and levels that are vacant or away (see `climbing.above`): silence
    must not climb to the silent. Where nobody at all is there above, whoever has it is told that nobody else will press,
    and the student that it is late; further steps of that promise say nothing more.
    """
    to = next_up(turn, ticket, key)
    if to is not None:
        record(turn, ticket, "escalated", to=to, key=key)
        tell_of(turn, ticket, to, key)
        return to
    # The invented school has two levels only, and its shortened limits pass both within minutes.
    (log.info if turn.school.demo else log.warning)("escalation_unheard", ticket=ticket.id)
    ladder = ladder_of(key)
    before = {mark.kind for mark in limits.marks(turn, ticket) if ladder_of(mark.key) == ladder}
    if not before & {"escalated", "unled"}:
        record(turn, ticket, "unled", key=key)
    elif before & {"unheard", "unled"}:
        pass_over(turn, ticket, key)
    else:
        record(turn, ticket, "unheard", key=key)
    return None
