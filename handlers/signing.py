"""Signatures: who may give one, who gives it now, and what a student is told of a second one before handing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from handlers import directory
from handlers.turn import Turn
from models.item import Item
from models.person import Person
from models.ticket import Approval, Ticket

_STEPS = select(Approval).where(Approval.ticket_id == bindparam("ticket")).order_by(Approval.step)


def steps(turn: Turn, ticket: Ticket) -> Sequence[Approval]:
    """Every signature that the ticket was opened with, in order, whether given or not."""
    return turn.session.execute(_STEPS, {"ticket": ticket.id}).scalars().all()


def may_sign(turn: Turn, ticket: Ticket, approval: Approval, by: Person) -> bool:
    """Whether somebody may give a signature: they hold the role for the area, or they lead an area above and may step
    in, or nobody holds the role and the matter was assigned to them. The person whom it concerns never."""
    if by.id == ticket.requester_id:
        return False
    role = directory.holders(turn.session, ticket.path, approval.role, turn.now)
    holding = {person.id for person in role} - {ticket.requester_id}
    if by.id in holding or (not holding and by.id == ticket.assignee_id):
        return True
    return by.id in {person.id for person in directory.leads(turn.session, ticket.path, turn.now)}


def signer_name(turn: Turn, path: str, role: str, requester_id: str | None) -> str:
    """Whom a later signature would go to if it were asked for now; "" when nobody answers."""
    person = directory.responsible_for(turn.session, path, role, turn.now, requester_id)
    return directory.name_of(person, turn.lang)


def chain(turn: Turn, item: Item, path: str, answers: dict[str, Any]) -> str:
    """The sentence of a summary that says whose further signature is needed, "" where one or none is.

    path: where the ticket would stand. answers: as filled in, with what was derived from them.
    """
    needed = [each for each in item.approval if each.when is None or each.when.holds(answers)]
    if len(needed) < 2:
        return ""
    me = turn.person.id if turn.person else None
    names = [signer_name(turn, path, each.role, me) or turn.say("card.nobody") for each in needed]
    return turn.say("signing.chain", first=names[0], others=turn.say("form.or").join(names[1:]))
