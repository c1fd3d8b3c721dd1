"""Words of a student on a matter that was answered: passed on to whoever answered, without opening it again."""

from __future__ import annotations

from typing import Final

from handlers import cards, offers, tickets
from handlers.turn import Turn
from models.message import Choice, Refused, Reply
from models.ticket import Resolution, Status, Ticket

VERB: Final = "tell"


def offered(turn: Turn, ticket: Ticket) -> tuple[Choice, ...]:
    """The button, for as long as the matter may be opened again; () where nobody would read it as news."""
    answered = ticket.status == Status.resolved and ticket.resolution == Resolution.answered
    if not answered or ticket.assignee_id is None or "unhelped" not in offers.ended(turn, ticket):
        return ()
    return (Choice(label=turn.say("verb.tell"), send=f"r:{ticket.id}:{VERB}:{ticket.rev}"),)


def act(turn: Turn, ticket: Ticket, words: str) -> tuple[Reply, ...]:
    """Pass words on. Raises Refused where it is no answered matter any more."""
    if not offered(turn, ticket):
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    tickets.tell(turn, ticket, words)
    name = cards.who(turn, ticket.assignee_id)
    said = turn.say("quoted.told", number=ticket.number, name=name)
    card, choices = cards.card(turn, ticket, staff=False), cards.choices(turn, ticket, staff=False)
    return (Reply(text=said, card=card, choices=choices),)
