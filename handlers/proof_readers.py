"""Who opens what was shown for a matter: whoever decides first, and whoever holds the student from then on."""

from __future__ import annotations

from handlers import access, signing
from handlers.turn import Turn
from models.person import Person
from models.ticket import Approval, Ticket


def ids(turn: Turn, ticket: Ticket) -> frozenset[str]:
    """Ids of those who may open it beside whoever asked: who owns the matter, who decides or decided first, and whoever is
    asked to look now. Others need not read of an illness to trust that it was checked."""
    first = _first(turn, ticket)
    found = {ticket.owner_id, asked(turn, ticket)}
    found |= {first.to_id, first.person_id} if first is not None else {ticket.assignee_id}
    return frozenset(each for each in found if each is not None)


def may(turn: Turn, ticket: Ticket, reader: Person) -> bool:
    """Whether somebody who reads the answers may open it: one of `ids`, or whoever would decide first now (signing in the
    place of whoever is asked)."""
    if reader.id in ids(turn, ticket):
        return True
    first = _first(turn, ticket)
    if first is None or first.decision or not ticket.is_open or reader.kind != "staff":
        return False
    return signing.may_sign(turn, ticket, first, reader)


def asked(turn: Turn, ticket: Ticket) -> str | None:
    """The id of whoever is to look at it now, None where nobody is there.

    Until the first signature whoever is asked for that; then whoever holds the student (the owner), or gave the first
    signature where the owner is gone: not whoever happens to sign last, who may not even open it.
    """
    first = _first(turn, ticket)
    if first is not None and not first.decision:
        return first.to_id or ticket.assignee_id
    return responsible(turn, ticket) or (first.person_id if first is not None else None) or ticket.assignee_id


def is_decided(turn: Turn, ticket: Ticket) -> bool:
    """Whether the first signature is given, so that what is opened from now on was looked at."""
    first = _first(turn, ticket)
    return first is not None and first.decision == "signed"


def responsible(turn: Turn, ticket: Ticket) -> str | None:
    """The id of whoever holds the student (the owner, 首问负责人), whose duties still reach the matter; None where they do not."""
    owner = turn.session.get(Person, ticket.owner_id) if ticket.owner_id else None
    return owner.id if owner is not None and access.may_act(turn.session, owner, ticket, turn.now) else None


def _first(turn: Turn, ticket: Ticket) -> Approval | None:
    return next((line for line in signing.steps(turn, ticket) if line.kind == "sign"), None)
