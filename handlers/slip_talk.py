"""Hears 「假条」: the way to the slip of an agreed leave; of several a choice; where there is none, how one comes by it."""

from __future__ import annotations

from handlers import cards, owned, slips, wording
from handlers.turn import Turn
from handlers.understand.slips import wants_slip
from models.message import Choice, Reply
from models.ticket import Status, Ticket

Replies = tuple[Reply, ...]


def hear(turn: Turn, words: str) -> Replies | None:
    """The answer to a student who asks for a slip; None for all other words."""
    if not wants_slip(words):
        return None
    services = turn.school.catalogue.items
    leaves = [
        each for each in owned.open_of(turn) if each.service in services and services[each.service].code == "leave"
    ]
    agreed = [each for each in leaves if each.status == Status.waiting and each.back_at is not None]
    if len(agreed) == 1:
        return give(turn, agreed[0])
    if agreed:
        choices = tuple(
            Choice(label=turn.say("slip.of", names=cards.names(turn, each)), send=f"t:{each.id}:slip:{each.rev}")
            for each in sorted(agreed, key=lambda each: (each.back_at or turn.now, each.number))
        )
        return (Reply(text=turn.say("slip.which"), choices=choices),)
    waits = [each for each in leaves if each.back_at is None]
    if waits:
        name = cards.who(turn, waits[0].assignee_id) or turn.say("card.nobody")
        see = Choice(label=turn.say("way.mine"), send="w:mine", words=turn.say("way.mine"))
        return (Reply(text=turn.say("slip.not_yet", number=waits[0].number, name=name), choices=(see,)),)
    return (Reply(text=turn.say("slip.none")),)


def give(turn: Turn, ticket: Ticket) -> Replies:
    """The link to the slip of a leave of the speaker's own, and how it stands; without a slip, that there is none yet."""
    link = slips.link(turn, ticket)
    if link is None:
        return (Reply(text=turn.say("slip.none")),)
    span = wording.span(ticket.answers["span"], turn.lang, turn.school.zone, turn.today)
    state = turn.say(f"slip.{slips.state_of(turn, ticket)}")
    return (Reply(text=turn.say("slip.here", number=ticket.number, span=span, state=state), link=link),)
