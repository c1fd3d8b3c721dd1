"""Hears 「假条」: the way to the slip of an agreed leave; of several a choice; where there is none, how one comes by it."""

from __future__ import annotations

from handlers import cards, fields, owned, prolonged, slips, student, tickets
from handlers.form_ask import again, top
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.orders import NUMBER, read_number
from handlers.understand.slips import wants_slip
from models.message import Choice, Reply
from models.ticket import Status, Ticket

Replies = tuple[Reply, ...]


def hear(turn: Turn, talk: Talk, words: str, quote: str = "") -> Replies | None:
    """The answer to a student who asks for a slip, of a leave that is named or quoted or of whichever there is, with an open
    form's question after it; None for all other words, and where they may be the form's answer."""
    number = read_number(words)
    meant = number or quote
    if not wants_slip(NUMBER.sub(" ", words, count=1) if number else words) or (
        not meant and _answers(turn, talk, words)
    ):
        return None
    said = _named(turn, meant) if meant else _any(turn)
    in_form = talk.draft is not None and not talk.draft.shelved
    return (*said, *again(turn, talk)) if said is not None and in_form else said


def _answers(turn: Turn, talk: Talk, words: str) -> bool:
    """Whether words that seem to ask for a slip name the very item whose form is open (「请假条」)."""
    if talk.draft is None or talk.draft.shelved:
        return False
    item = turn.school.catalogue.items.get(top(talk).service)
    return item is not None and fields.only_names(item, words, None)


def _named(turn: Turn, number: str) -> Replies | None:
    """The slip of the speaker's own leave of a number, or how it stands instead; None for a matter of another kind."""
    ticket = student.own(turn, tickets.by_number(turn, number))
    item = turn.school.catalogue.items.get(ticket.service)
    if item is None or item.code != "leave":
        return None
    ticket = prolonged.newest_of(turn, ticket)
    if not ticket.is_open:
        card = cards.card(turn, ticket, staff=False)
        return (Reply(text=turn.say("slip.ended", number=ticket.number, state=cards.state(turn, ticket)), card=card),)
    return give(turn, ticket) if ticket.back_at is not None else (_not_yet(turn, ticket),)


def _any(turn: Turn) -> Replies:
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
        return (_not_yet(turn, waits[0]),)
    return (Reply(text=turn.say("slip.none")),)


def _not_yet(turn: Turn, ticket: Ticket) -> Reply:
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    see = Choice(label=turn.say("way.mine"), send="w:mine", words=turn.say("way.mine"))
    return Reply(text=turn.say("slip.not_yet", number=ticket.number, name=name), choices=(see,))


def give(turn: Turn, ticket: Ticket) -> Replies:
    """The link to the slip of a leave of the speaker's own, and how it stands; without a slip, that there is none yet."""
    link = slips.link(turn, ticket)
    if link is None:
        return (Reply(text=turn.say("slip.none")),)
    span = slips.span_of(turn, ticket)  # With what was given before, where more days were: as the slip says it.
    state = turn.say(f"slip.{slips.state_of(turn, ticket)}")
    return (Reply(text=turn.say("slip.here", number=ticket.number, span=span, state=state), link=link),)
