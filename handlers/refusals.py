"""What a student reads beside the reason of a refusal: the regulation that was followed, and who is next above."""

from __future__ import annotations

from handlers import cards, directory, duties, signers
from handlers.turn import Turn
from models.person import Person
from models.ticket import Ticket


def more(turn: Turn, ticket: Ticket, by_id: str | None) -> str:
    """The rule and the way up, in sentences of their own; "" where neither is known."""
    item = cards.item_of(turn, ticket)
    said = [turn.say("refused.basis", basis=item.basis.to(turn.lang))] if item.basis is not None else []
    next_above = above(turn, ticket, by_id)
    if next_above is not None:
        said.append(turn.say("refused.up", name=directory.name_of(next_above, turn.lang)))
    return "\n".join(said)


def above(turn: Turn, ticket: Ticket, by_id: str | None) -> Person | None:
    """Who leads where the matter lies and had no part in the refusal (by_id); None for an item that nobody signs."""
    item = cards.item_of(turn, ticket)
    barred = signers.concerned_by(turn, item, ticket) | {by_id}
    leads = (each for each in duties.leads(turn.session, ticket.path, turn.now) if each.id not in barred)
    return next(leads, None) if item.approval else None
