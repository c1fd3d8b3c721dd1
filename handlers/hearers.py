"""Whom a rule of the notices means: by the ticket, by the event, and who stands beside in a chain of signatures."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from handlers import behalf, limits, signing
from handlers.turn import Turn
from models.correction import read_before
from models.outbox import Lane
from models.ticket import Approval, Event, Ticket


class Rule(NamedTuple):
    """One line of who hears of an event: "assignee", "requester", "owner", "to" (whom the event names), or "former" (who
    had it before)."""

    hearer: str
    lane: Lane = Lane.interactive


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
        asked = select(Approval.to_id).where(
            Approval.ticket_id == event.ticket_id, Approval.decision == "", Approval.void_rev.is_(None),
            Approval.to_id.is_not(None),
        )  # fmt: skip
        lane = Lane.interactive if event.kind in ("answered", "added", "amended") else Lane.reminder
        rule = Rule("owner" if event.kind == "withdrawn" else "assignee", lane)
        return [(each, rule) for each in turn.session.execute(asked).scalars() if each]
    if event.kind == "objected":
        # Whoever opened it may have no duty where it went: a counselor who opened a repair never works on it.
        opened = behalf.of(turn, ticket)
        return [(opened.by_id, Rule("assignee"))] if opened is not None else []
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
