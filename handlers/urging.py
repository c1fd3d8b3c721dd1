"""When a student may press for an answer (催办): once in so many working days for one matter, and when a button offers it."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import limits
from handlers.turn import Turn
from models.ticket import Status, Ticket
from models.worktime import next_open


def again_at(turn: Turn, ticket: Ticket) -> datetime | None:
    """From when on a matter may be urged again, None for one that nobody has urged yet."""
    last = next((mark.at for mark in reversed(limits.marks(turn, ticket)) if mark.kind == "urged"), None)
    return None if last is None else _days_on(turn, ticket, last, turn.school.urge_days)


def is_owed(ticket: Ticket) -> bool:
    """Whether somebody of staff owes something now: not while the student is asked, or is on leave."""
    return ticket.is_open and ticket.status != Status.waiting


def is_offered(turn: Turn, ticket: Ticket) -> bool:
    """Whether a button is of use: something is owed, it is late or a working day old, and nobody pressed of late."""
    if not is_owed(ticket):
        return False
    due = limits.promised(turn, ticket)
    late = due is not None and due < turn.now
    if not late and turn.now < _days_on(turn, ticket, ticket.opened_at, 1):
        return False
    again = again_at(turn, ticket)
    return again is None or again <= turn.now


def _days_on(turn: Turn, ticket: Ticket, at: datetime, days: int) -> datetime:
    """The opening of the working day that comes so many days after an instant; shortened in a demonstration."""
    clock = limits.clock_of(turn, ticket)
    if clock.scale != 1:
        return at + timedelta(days=days) * clock.scale
    for _ in range(days):
        midnight = at.astimezone(turn.school.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        at = next_open(clock.calendar, (midnight + timedelta(days=1)).astimezone(at.tzinfo))
    return at
