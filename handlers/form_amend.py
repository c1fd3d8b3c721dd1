"""Hands in a form that changes a matter which is there: the matter is amended, and what was signed is asked for anew."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, student, tickets
from handlers.talks import Draft
from handlers.turn import Turn
from models.item import Item
from models.message import Reply


def submit(turn: Turn, draft: Draft, item: Item) -> Reply:
    """Amend the matter that a form began with. Raises Refused as `tickets.amend`."""
    ticket = student.own(turn, tickets.by_number(turn, draft.changes))
    was = ticket.back_at is not None
    tickets.amend(turn, ticket, {field.key: draft.answers.get(field.key) for field in item.fields})
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    said = turn.say("leave.changed_anew" if was else "leave.changed", number=ticket.number, name=name)
    return Reply(
        text=said, card=cards.card(turn, ticket, staff=False), choices=cards.choices(turn, ticket, staff=False)
    )


def about(turn: Turn, draft: Draft) -> Turn:
    """The turn in which a form is checked: what it changes does not stand in its own way."""
    ticket = tickets.by_number(turn, draft.changes) if draft.changes else None
    return replace(turn, about=ticket) if ticket is not None else turn
