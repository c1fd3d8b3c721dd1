"""Who comes next above when a matter is silent: level by level, past who is away, vacant, concerned or the silent one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from handlers import cards, directory, memory, recusals, signers
from handlers.collisions import HAND
from handlers.turn import Turn
from models.db import plain
from models.person import Person
from models.ticket import Event, Ticket

# Events that name somebody without having told of silence: these may still be told of it.
_NO_CLIMB = (
    "recused", "urged", "rated", "informed", "transferred", "assigned", "handed_over", "noted", "rushed", "rule_told",
)  # fmt: skip
_ANEW = aliased(Event)
# A matter that was opened again is a new round: whoever was told of an earlier silence is told of this one, too.
_BEGUN = (
    select(func.coalesce(func.max(_ANEW.rev), 0))
    .where(_ANEW.ticket_id == Event.ticket_id, _ANEW.kind.in_(("reopened", "corrected")))
    .scalar_subquery()
)
_TOLD = select(Event.ticket_id, Event.to_id, Event.key).where(
    Event.ticket_id.in_(bindparam("tickets", expanding=True)), Event.to_id.is_not(None), Event.kind.not_in(_NO_CLIMB),
    Event.rev > _BEGUN,
)  # fmt: skip
_HAD = select(Event.to_id).where(
    Event.ticket_id == bindparam("ticket"), Event.kind == "reopened", Event.to_id.is_not(None)
)


def above(turn: Turn, ticket: Ticket) -> list[Person]:
    """Who leads where a ticket is, nearest first: in the office that has it, then where it stands.

    Left out are who has it and whoever stands in for them, and those whom it is about; a level that is vacant, or whose
    leader is away without a stand-in, does not appear.
    """
    kept = recusals.of(turn, ticket)
    here = _leads(turn, ticket.path, kept)
    there = _leads(turn, ticket.handed_path, kept) if ticket.handed_path else []
    acting = memory.once(
        turn, ("acting", ticket.assignee_id), lambda: directory.stand_in(turn.session, ticket.assignee_id, turn.now)
    )
    passed = signers.concerned_by(turn, cards.item_of(turn, ticket), ticket) | {ticket.assignee_id}
    passed |= {acting.id} if acting is not None else set()
    nearer = [each for each in there if each not in here and each.id not in passed]
    # Where the office that has it has nobody but who has it, whoever leads above that office comes before the former place.
    first = nearer or [each for each in there if each.id not in passed]
    return [*first, *(each for each in here if each not in first and each.id not in passed)]


def next_up(turn: Turn, ticket: Ticket, key: str) -> Person | None:
    """The next one above whom nobody has told of this silence; None when nobody is left.

    key: of the step that climbs, or HAND. Each promise climbs a ladder of its own: whoever heard that an answer is late has
    not heard that the end is. Calling up by hand goes on above whoever was told of anything, and begins anew where
    everybody was, one level a press.
    """
    # Of what waits to be written in a round nothing names anybody but steps of silence, and `tell_of` keeps those.
    told = memory.once(turn, ("told", ticket.id), lambda: _told(turn, [ticket.id])[ticket.id])
    ladder, people = ladder_of(key), above(turn, ticket)
    if ladder == HAND:
        everyone, by_hand = {each for _, each in told}, {each for rung, each in told if rung == HAND}
        fresh = next((person for person in people if person.id not in everyone), None)
        return fresh or next((person for person in people if person.id not in by_hand), None)
    heard = {each for rung, each in told if rung in ("", HAND, ladder)}
    return next((person for person in people if person.id not in heard), None)


def ladder_of(key: str) -> str:
    """Which ladder a step's key climbs: its promise and how often that began; HAND by hand; "" for what is no silence."""
    parts = key.split(":")
    return f"{parts[1]}:{parts[3]}" if parts[0] == "escalate" and len(parts) > 3 else HAND if key == HAND else ""


def next_after(turn: Turn, ticket: Ticket) -> Person | None:
    """The next one above who has not had a matter that was opened again and again; None when nobody is left."""
    had = set(plain(turn.session).execute(_HAD, {"ticket": ticket.id}).scalars())
    return next((person for person in above(turn, ticket) if person.id not in had), None)


def read_ahead(turn: Turn, ids: Iterable[str]) -> None:
    """In a round of the sweep: who was told of the silence of its tickets, asked for all of them at once."""
    for ticket_id, told in _told(turn, ids).items():
        memory.remember(turn, ("told", ticket_id), told)


def tell_of(turn: Turn, ticket: Ticket, to: Person | None, key: str) -> None:
    """Somebody was told of silence just now, by an event that a round may write later than it asks for the next one."""
    if to is not None and memory.waiting(turn) is not None:
        told = memory.once(turn, ("told", ticket.id), lambda: _told(turn, [ticket.id])[ticket.id])
        told.add((ladder_of(key), to.id))


def was_told(turn: Turn, ticket: Ticket, to: Person, key: str) -> bool:
    """Whether somebody was told of this silence before."""
    told = memory.once(turn, ("told", ticket.id), lambda: _told(turn, [ticket.id])[ticket.id])
    return (ladder_of(key), to.id) in told


def _told(turn: Turn, ids: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """By ticket who was told, each with the ladder."""
    found: dict[str, set[tuple[str, str]]] = {each: set() for each in ids}
    for ticket_id, to_id, key in plain(turn.session).execute(_TOLD, {"tickets": list(found)}):
        if to_id is not None:
            found[ticket_id].add((ladder_of(key), to_id))
    return found


def _leads(turn: Turn, path: str, kept: frozenset[str]) -> list[Person]:
    """kept: who is kept out of the matter, and whose part nobody takes in it."""
    return memory.once(turn, ("leads", path, kept), lambda: directory.leads(turn.session, path, turn.now, kept))
