"""A stretch of what happened to a ticket: the newest events, or those before one that was shown, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from handlers import limits
from handlers.turn import Turn
from models.correction import superseded
from models.db import plain
from models.ticket import Event, Ticket

MOST: Final = 100  # events of one page; a matter that is asked about to and fro for weeks has 30
_TOLD = (
    select(Event.rev, Event.kind, Event.at, Event.key).where(Event.ticket_id == bindparam("ticket")).order_by(Event.rev)
)
_BETWEEN = (
    select(Event)
    .where(Event.ticket_id == bindparam("ticket"))
    .where(Event.rev >= bindparam("first"), Event.rev <= bindparam("last"))
    .order_by(Event.rev)
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Events, oldest first. gone: revisions that a later correction replaced. older: the revision before which the next
    stretch lies, 0 where this one begins with the first. count: how many there are in all."""

    events: tuple[Event, ...]
    gone: frozenset[int]
    older: int
    count: int
    is_newest: bool


def of(turn: Turn, ticket: Ticket, before: int = 0) -> Stretch:
    """The newest events, or the newest before a revision; a revision that was never there is as if none was named."""
    told = plain(turn.session).execute(_TOLD, {"ticket": ticket.id}).all()
    limits.remember(turn, ticket, limits.as_marks(told))  # Once read, they serve the limits, too.
    revs = [row.rev for row in told if row.rev < before] or [row.rev for row in told]
    part = revs[-MOST:]
    if not part:
        return Stretch((), frozenset(), 0, 0, is_newest=True)
    between = {"ticket": ticket.id, "first": part[0], "last": part[-1]}
    events = tuple(turn.session.execute(_BETWEEN, between).scalars())
    return Stretch(
        events, superseded(told), part[0] if len(revs) > MOST else 0, len(told), is_newest=part[-1] == told[-1].rev
    )
