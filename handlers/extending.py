"""Whether a matter's promise may be moved on, once and by whoever owns it, and to when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from handlers import directory, limits, wording
from handlers.turn import Turn
from models.deadline import Mark
from models.message import Refused
from models.person import Person
from models.rounds import AFRESH
from models.ticket import Ticket
from models.worktime import elapsed

NEAR: Final = timedelta(hours=16)  # of working time, two days: before that nobody is reminded that there is a way


def moved(turn: Turn, ticket: Ticket) -> datetime:
    """When the matter would be due after an extension now.

    Raises Refused: the item has none, it was extended already, nothing is owed now, it is overdue, or the matter
    begins before (more time would help nobody).
    """
    promise = limits.limits_of(turn, ticket)
    happened = limits.marks(turn, ticket)
    if promise.extend is None:
        raise Refused("extend.not_here", number=ticket.number)
    if _extended(happened):
        raise Refused("extend.once", number=ticket.number)
    owed = limits.targets_at(turn, ticket, happened).get("resolve")
    if owed is None:
        raise Refused("extend.nothing_owed", number=ticket.number)
    if owed <= turn.now:
        raise Refused("extend.too_late", number=ticket.number, at=_said(turn, owed))
    then = limits.targets_at(turn, ticket, [*happened, Mark("extended", turn.now)])["resolve"]
    if then <= owed:
        raise Refused("extend.begins", number=ticket.number, at=_said(turn, owed))
    return then


def until(turn: Turn, ticket: Ticket) -> datetime | None:
    """By when a matter that was extended is to be done with; None for one that was not, or that has ended."""
    happened = limits.marks(turn, ticket)
    if not ticket.is_open or not _extended(happened):
        return None
    return limits.targets_at(turn, ticket, happened).get("resolve")


def may_extend(turn: Turn, ticket: Ticket, by: Person) -> bool:
    """Whether it is somebody's to extend: the owner's or, while nobody owns it, of whoever works on it; and of whoever
    stands in for them."""
    whose = ticket.owner_id or ticket.assignee_id
    if whose is None or whose == by.id:
        return whose is not None
    return whose in directory.takes_part_of(turn.session, by.id, turn.now)


def is_offered(turn: Turn, ticket: Ticket, reader: Person | None) -> bool:
    """Whether a button offers it: to whom it is open, and when the limit is near."""
    if reader is None or not ticket.is_open or not may_extend(turn, ticket, reader):
        return False
    if limits.limits_of(turn, ticket).extend is None:
        return False
    owed = limits.targets_at(turn, ticket, limits.marks(turn, ticket)).get("resolve")
    clock = limits.clock_of(turn, ticket)
    if owed is None or elapsed(clock.calendar, turn.now, owed) > NEAR.total_seconds():
        return False
    try:
        moved(turn, ticket)
    except Refused:
        return False
    return True


def _extended(happened: list[Mark]) -> bool:
    """Whether it was extended since it was last opened."""
    last = max((place for place, mark in enumerate(happened) if mark.kind in AFRESH), default=-1)
    return any(mark.kind == "extended" for mark in happened[last + 1 :])


def _said(turn: Turn, at: datetime) -> str:
    return wording.soon(at, turn.now, turn.lang, turn.school.zone)
