"""Whom a rule of the notices means: by the ticket, by the event, and who stands beside in a chain of signatures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from handlers import behalf, limits, memory, merged, recusals, signing
from handlers.turn import Turn
from models.correction import CORRECTED, read_before
from models.db import plain
from models.outbox import Lane
from models.ticket import Approval, Event, Ticket

_ASKED = select(Approval.ticket_id, Approval.to_id).where(
    Approval.ticket_id.in_(bindparam("tickets", expanding=True)), Approval.decision == "", Approval.void_rev.is_(None),
    Approval.to_id.is_not(None),
)  # fmt: skip

_ANEW = aliased(Event)
# Opened again, or corrected, a matter begins anew, and so does what is told of its silence.
_BEGUN = (
    select(func.coalesce(func.max(_ANEW.rev), 0))
    .where(_ANEW.ticket_id == Event.ticket_id, _ANEW.kind.in_(("reopened", "corrected")))
    .scalar_subquery()
)


class Rule(NamedTuple):
    """One line of who hears of an event: "assignee", "requester", "owner", "to" (whom the event names), or "former" (who
    had it before)."""

    hearer: str
    lane: Lane = Lane.interactive


kept_out = recusals.of  # who hears of nothing, since the matter is about them


def read_ahead(turn: Turn, ids: Iterable[str]) -> None:
    """In a round of the sweep, which signs nothing: who is asked to sign its tickets, asked for all of them at once."""
    for ticket_id, asked in _asked(turn, ids).items():
        memory.remember(turn, ("asked", ticket_id), asked)


def _asked(turn: Turn, ids: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {each: [] for each in ids}
    for ticket_id, to_id in turn.session.execute(_ASKED, {"tickets": list(found)}):
        if to_id is not None:
            found[ticket_id].append(to_id)
    return found


def hearing(turn: Turn, ticket: Ticket, event: Event, rules: Sequence[Rule]) -> Sequence[Rule]:
    """The rules of an event that hold: of silence whoever asked reads once a person and round, though two promises climb;
    of several of theirs that were merged at once with the first."""
    if event.kind == "merged":
        first = merged.of_one(turn, ticket, event)[0]
        return rules if first.id == ticket.id else [rule for rule in rules if rule.hearer != "requester"]
    if event.kind != "escalated" or event.by_id is not None or event.to_id is None:
        return rules
    before = select(Event.rev).where(
        Event.ticket_id == event.ticket_id, Event.kind == "escalated", Event.to_id == event.to_id, Event.rev < event.rev,
        Event.rev > _BEGUN,
    )  # fmt: skip
    if plain(turn.session).execute(before.limit(1)).first() is None:
        return rules
    return [rule for rule in rules if rule.hearer != "requester"]


def hearer_of(ticket: Ticket, event: Event, hearer: str) -> str | None:
    """The id of whoever a rule names, None for nobody."""
    if hearer == "former":
        before = read_before(event.key)
        return before.assignee_id if before is not None else None
    named = {"assignee": ticket.assignee_id, "requester": ticket.requester_id, "to": event.to_id}
    return named.get(hearer, ticket.owner_id)


def beside(turn: Turn, ticket: Ticket, event: Event) -> list[tuple[str, Rule]]:
    """Who else hears of a decision: whoever signs beside the next signer, and who gets a copy; or of its taking back."""
    if event.kind in ("withdrawn", "reminded", "answered", "added", "amended"):
        # Whoever is to sign beside the assignee would else go on reading what nobody asks for any more, and would sign
        # without the word that came meanwhile.
        asked = memory.once(turn, ("asked", ticket.id), lambda: _asked(turn, [ticket.id])[ticket.id])
        lane = Lane.interactive if event.kind in ("answered", "added", "amended") else Lane.reminder
        rule = Rule("owner" if event.kind == "withdrawn" else "assignee", lane)
        return [(each, rule) for each in asked]
    if event.kind == "objected":
        # Whoever opened it may have no duty where it went: a counselor who opened a repair never works on it.
        opened = behalf.of(turn, ticket)
        return [(opened.by_id, Rule("assignee"))] if opened is not None else []
    found = _on_the_way(turn, ticket, event)
    return [*found, *_overruled(turn, event)] if event.key == CORRECTED else found


def _overruled(turn: Turn, event: Event) -> list[tuple[str, Rule]]:
    """Whose signatures, asked for or given, and whose copies are void since the correction right before a decision."""
    begun = select(func.max(Event.rev)).where(
        Event.ticket_id == event.ticket_id, Event.kind == CORRECTED, Event.rev < event.rev
    )
    lines = turn.session.execute(
        select(Approval)
        .where(
            Approval.ticket_id == event.ticket_id, Approval.void_rev <= event.rev,
            Approval.void_rev > begun.scalar_subquery(),
        )
        .order_by(Approval.step, Approval.place)
    ).scalars()  # fmt: skip
    return [(who, Rule("former")) for line in lines if (who := line.person_id or line.to_id) is not None]


def _on_the_way(turn: Turn, ticket: Ticket, event: Event) -> list[tuple[str, Rule]]:
    """Who is asked beside the next signer by a decision, or got a copy before it."""
    if event.kind not in ("signed", "approved", "sent_back", "undone"):
        return []
    if all(mark.key != signing.WITH_NEXT for mark in limits.marks(turn, ticket)):
        return []  # What a chain did on the way is an event of its own before the decision.
    last = event.rev - 2 if event.kind == "undone" else event.rev - 1
    before = select(Event).where(Event.ticket_id == event.ticket_id, Event.rev <= last, Event.key == signing.WITH_NEXT)
    found: list[tuple[str, Rule]] = []
    for each in turn.session.execute(before.order_by(Event.rev.desc())).scalars():
        if each.rev != last:
            break
        last -= 1
        if each.to_id is not None and each.kind in ("invited", "informed"):
            found.append((each.to_id, Rule("to" if each.kind == "invited" else "informed")))
    return found
