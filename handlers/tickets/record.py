"""Finding a ticket, and the one end of every verb: status → event → due_at → notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import bindparam, insert, select

from handlers import cards, hooks, limits, memory, notices, owned, reminders, rules
from handlers.turn import Turn
from models.base import new_id
from models.db import plain, seal_of
from models.deadline import Mark
from models.person import Person
from models.rules import STARTS
from models.ticket import Event, Resolution, Status, Ticket
from models.unit import forget

_BY_ID = select(Ticket).where(Ticket.id == bindparam("ticket")).with_for_update()
_BY_NUMBER = select(Ticket).where(Ticket.number == bindparam("number")).with_for_update()
_INSERT = insert(Event.__table__)  # type: ignore[arg-type]
_COLUMNS = tuple(column.name for column in Event.__table__.columns)
# What rules of items do when something happened (tickets.ruling.follow, which itself records): set when all verbs are known.
FOLLOWING: Final[list[Callable[[Turn, Ticket, Event], None]]] = []
# Of these a round of the sweep reckons once, when all that was due of a ticket is done: nobody reads the instant before.
RECKONED_LATER: Final = frozenset({"reminded", "escalated", "passed_over"})
_AFRESH = {"populate_existing": True}  # What another unit changed while this one waited for the row counts.


def get(turn: Turn, ticket_id: str) -> Ticket | None:
    """A ticket by id, locked until the unit ends, so that two decisions have one order."""
    found: Ticket | None = turn.session.execute(_BY_ID, {"ticket": ticket_id}, execution_options=_AFRESH).scalar()
    return _locked(turn, found)


def by_number(turn: Turn, number: str) -> Ticket | None:
    """A ticket by its readable number, locked until the unit ends."""
    found: Ticket | None = turn.session.execute(
        _BY_NUMBER, {"number": number.upper()}, execution_options=_AFRESH
    ).scalar()
    return _locked(turn, found)


def _locked(turn: Turn, found: Ticket | None) -> Ticket | None:
    """What was read of it before it was locked is read again; a round of the sweep holds its tickets' locks already, and
    events of theirs that are not written yet."""
    if found is not None and memory.waiting(turn) is None:
        forget(turn.session, found.id)
    return found


def events_of(turn: Turn, ticket: Ticket) -> list[Event]:
    """All events of a ticket, oldest first."""
    statement = select(Event).where(Event.ticket_id == ticket.id).order_by(Event.rev)
    return list(turn.session.execute(statement).scalars())


def last_of(turn: Turn, ticket: Ticket, most: int = 1) -> list[Event]:
    """The newest events of a ticket, oldest first."""
    newest = select(Event).where(Event.ticket_id == ticket.id).order_by(Event.rev.desc()).limit(most)
    return list(turn.session.execute(newest).scalars())[::-1]


def write_out(turn: Turn) -> None:
    """Write the tickets and events of a round that wait to be written together."""
    later = memory.waiting(turn)
    if later:
        turn.session.flush()
        plain(turn.session).execute(_INSERT, later)
        later.clear()


def record(
    turn: Turn, ticket: Ticket, kind: str, *, by: Person | None = None, to: Person | None = None, words: str = "",
    key: str = "", audience: str = "all", move: Status | None = None, resolution: Resolution | None = None,
) -> Event:  # fmt: skip
    """The one end of every verb: status if the kind says so → event row → next due instant → notices."""
    if move is not None:
        ticket.move(move, resolution)
    owned.forget(turn)  # It may be open again from here on.
    ticket.rev += 1
    # What is said about a matter with sensitive answers is as sensitive: the reason of a refused sick leave tells it.
    item = cards.item_of(turn, ticket)
    secret = bool(words) and (ticket.private or any(field.sensitive for field in item.fields))
    event = Event(
        id=new_id(turn.now), ticket_id=ticket.id, rev=ticket.rev, kind=kind, at=turn.now, audience=audience, key=key,
        by_id=by.id if by else None, to_id=to.id if to else None, words="" if secret else words,
    )  # fmt: skip
    if secret:
        event.sealed = seal_of(turn.session).close(f"event.sealed:{event.id}", words)
    # The instant is reckoned before anything is written, so that event and ticket go out together.
    with turn.session.no_autoflush:
        before = limits.marks(turn, ticket) if ticket.rev > 1 else []
        at = max(turn.now, before[-1].at) if before else turn.now
        so_far = [*before, Mark(kind, at, key)]
        later = memory.waiting(turn)
        if later is None or kind not in RECKONED_LATER or item.urgent:
            ticket.due_at, ticket.owed_at = limits.due_and_owed(turn, ticket, so_far)
    row = {column: getattr(event, column) for column in _COLUMNS}
    if later is None:
        turn.session.flush()
        plain(turn.session).execute(_INSERT, row)
    else:
        later.append(row)
    limits.remember(turn, ticket, so_far)
    reminders.strike(turn, ticket, event, before)
    notices.tell(turn, ticket, event)
    hooks.tell(turn, ticket, event)
    if kind in STARTS and rules.ACTING not in turn.session.info and rules.of(turn, ticket):
        for follow in FOLLOWING:
            follow(turn, ticket, event)
    return event
