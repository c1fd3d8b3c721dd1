"""A ticket's promised times: its events and its item's limits, put to the one pure rule of models.deadline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from models import deadline
from models.db import plain
from models.deadline import Clock, Mark, Step
from models.item import Item
from models.ticket import Event, Status, Ticket

if TYPE_CHECKING:
    from handlers.turn import Turn


_MARKS_OF = (
    select(Event.ticket_id, Event.kind, Event.at, Event.key)
    .where(Event.ticket_id.in_(bindparam("tickets", expanding=True)))
    .order_by(Event.ticket_id, Event.rev)
)
_MARKS = select(Event.kind, Event.at, Event.key).where(Event.ticket_id == bindparam("ticket")).order_by(Event.rev)


def marks(turn: Turn, ticket: Ticket) -> list[Mark]:
    """The ticket's events as the rule sees them, oldest first."""
    rows = plain(turn.session).execute(_MARKS, {"ticket": ticket.id})
    found: list[Mark] = []
    for kind, at, key in rows:
        # The order of events is their number's. A clock that was set back must not put an answer before its question.
        found.append(Mark(kind, max(at, found[-1].at) if found else at, key))
    return found


def promised(turn: Turn, ticket: Ticket) -> datetime | None:
    """By when somebody answers: the earliest target in force, None when nothing is owed."""
    found = deadline.targets(ticket.opened_at, marks(turn, ticket), _limits(turn, ticket), _clock(turn, ticket))
    return min(found.values(), default=None)


def promised_of(turn: Turn, tickets: Iterable[Ticket]) -> dict[str, datetime | None]:
    """`promised` of many tickets by their ids, with one query for all their events."""
    by_id = {ticket.id: ticket for ticket in tickets}
    told: dict[str, list[Mark]] = {each: [] for each in by_id}
    for ticket_id, kind, at, key in plain(turn.session).execute(_MARKS_OF, {"tickets": list(by_id)}):
        so_far = told[ticket_id]
        so_far.append(Mark(kind, max(at, so_far[-1].at) if so_far else at, key))
    found: dict[str, datetime | None] = {}
    for each, ticket in by_id.items():
        targets = deadline.targets(ticket.opened_at, told[each], _limits(turn, ticket), _clock(turn, ticket))
        found[each] = min(targets.values(), default=None)
    return found


def next_due(turn: Turn, ticket: Ticket, so_far: list[Mark] | None = None) -> datetime | None:
    """The next instant at which something must happen, for the ticket's one indexed column."""
    events = marks(turn, ticket) if so_far is None else so_far
    limits = _limits(turn, ticket)
    return deadline.next_due(ticket.opened_at, events, limits, _clock(turn, ticket), back_due=_back(ticket))


def owed(turn: Turn, ticket: Ticket, so_far: list[Mark]) -> datetime | None:
    """By when staff must act, as lists are ordered: the earliest target in force, and the return from a leave once it
    is awaited; None while nothing is owed to the student."""
    if ticket.status == Status.waiting:
        return ticket.back_at
    if not ticket.is_open:
        return None
    found = deadline.targets(ticket.opened_at, so_far, _limits(turn, ticket), _clock(turn, ticket))
    return min(found.values(), default=None)


class Why(NamedTuple):
    """A target in force and how it came about: its limit as promised, its instant, and the stretches that were counted.

    parts: (from, to, counted seconds), see models.deadline.explain.
    """

    target: str
    limit: deadline.Limit
    at: datetime
    parts: list[tuple[datetime, datetime, float]]


def explain(turn: Turn, ticket: Ticket) -> list[Why]:
    """Every promise to the student that is still owed, the nearest first, with the reason for its instant."""
    happened, limits, clock = marks(turn, ticket), _limits(turn, ticket), _clock(turn, ticket)
    promises = {"respond": limits.respond, "resolve": limits.resolve}
    found = []
    for target, at in deadline.targets(ticket.opened_at, happened, limits, clock).items():
        limit = promises[target]
        if limit is not None:
            parts = deadline.explain(target, ticket.opened_at, happened, limits, clock)
            found.append(Why(target, limit, at, parts))
    return sorted(found, key=lambda why: why.at)


def due_steps(turn: Turn, ticket: Ticket) -> list[Step]:
    """The steps that are due by now and not done, oldest first."""
    limits = _limits(turn, ticket)
    return deadline.due_steps(
        ticket.opened_at, marks(turn, ticket), limits, _clock(turn, ticket), now=turn.now, back_due=_back(ticket)
    )


def before(turn: Turn, item: Item) -> datetime:
    """By when an item opened now would be answered."""
    clock = replace(turn.school.clock, scale=1.0) if item.urgent else turn.school.clock
    return min(deadline.targets(turn.now, [], item.limits.limits(), clock).values())


def _clock(turn: Turn, ticket: Ticket) -> Clock:
    """The school's clock; urgent matters keep their true limits where a demonstration shortens the others."""
    item = turn.school.catalogue.item(turn.session, ticket.service, ticket.version)
    return replace(turn.school.clock, scale=1.0) if item.urgent else turn.school.clock


def _back(ticket: Ticket) -> datetime | None:
    return ticket.back_at if ticket.status == Status.waiting else None


def _limits(turn: Turn, ticket: Ticket) -> deadline.Limits:
    return turn.school.catalogue.item(turn.session, ticket.service, ticket.version).limits.limits()
