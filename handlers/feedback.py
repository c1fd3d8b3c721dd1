"""What a student may say about how a matter goes: press for an answer (催办), and rate it once it has ended (评价)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from handlers import cards, tickets, urging
from handlers.tickets.duplicates import kept_of
from handlers.turn import Turn
from handlers.understand.feedback import read_stars
from models.message import Choice, Refused, Reply
from models.ticket import OPEN, Ticket

Replies = tuple[Reply, ...]
VERBS: Final = frozenset({"urge", "rate"})
MOST: Final = 5  # matters offered at once


def act(turn: Turn, ticket: Ticket, verb: str, words: str = "") -> Replies:
    """One of these verbs on a matter of the speaker's own."""
    return _urge(turn, ticket, words) if verb == "urge" else _rate(turn, ticket, words)


def _urge(turn: Turn, ticket: Ticket, words: str) -> Replies:
    if ticket.kept_id is not None and not ticket.is_open:
        kept = kept_of(
            turn, ticket
        )  # What was merged goes on under the other, and that is pressed where it is one's own.
        if ticket.requester_id is not None and kept.requester_id == ticket.requester_id:
            ticket = tickets.get(turn, kept.id) or ticket
    to = tickets.urge(turn, ticket, words)
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    values = {"number": ticket.number, "name": name, "promise": tickets.promise(turn, ticket)}
    if to is None or to.id == ticket.assignee_id:
        return _done(turn, ticket, turn.say("urge.done", **values))
    return _done(turn, ticket, turn.say("urge.done_up", to=cards.who(turn, to.id), **values))


def urge_unnamed(turn: Turn) -> Replies:
    """「催一下」 without a number: the one matter that somebody owes an answer to, or a choice of several."""
    statement = select(Ticket).where(turn.own(), Ticket.private.is_(False), Ticket.status.in_(OPEN))
    found = list(turn.session.execute(statement.order_by(Ticket.opened_at).limit(MOST * 4)).scalars())
    owed = [ticket for ticket in found if urging.is_owed(ticket)] or found
    if not owed:
        return (Reply(text=turn.say("urge.none")),)
    if len(owed) == 1:
        locked = tickets.get(turn, owed[0].id)
        return _urge(turn, locked or owed[0], "")
    # What was urged a moment ago is not offered again, unless nothing else is there.
    due = [ticket for ticket in owed if (at := urging.again_at(turn, ticket)) is None or at <= turn.now]
    offered = tuple(
        Choice(
            label=turn.say("mine.see", number=ticket.number, title=cards.item_of(turn, ticket).title.to(turn.lang)),
            send=f"t:{ticket.id}:urge:{ticket.rev}", words=f"{turn.say('verb.urge')} {ticket.number}",
        )
        for ticket in (due or owed)[:MOST]
    )  # fmt: skip
    return (Reply(text=turn.say("urge.which"), choices=offered),)


def _rate(turn: Turn, ticket: Ticket, words: str) -> Replies:
    stars, rest = read_stars(words)
    if stars is not None:
        return rate(turn, ticket, stars, rest)
    if words and tickets.stars_of(turn, ticket) is not None:
        return comment(turn, ticket, words)
    return (ask(turn, ticket),)


def comment(turn: Turn, ticket: Ticket, words: str) -> Replies:
    """Words that came after the stars: they stand with the rating that was given."""
    given = tickets.stars_of(turn, ticket)
    if given is None:
        raise Refused("rate.not_yet", number=ticket.number, state=cards.state(turn, ticket))
    tickets.rate(turn, ticket, given, words)
    return _done(turn, ticket, turn.say("rate.words", number=ticket.number))


def ask(turn: Turn, ticket: Ticket, said: str = "") -> Reply:
    """The question how it was, with five buttons. Refused for what cannot be rated now."""
    if ticket.is_open:
        raise Refused("rate.not_yet", number=ticket.number, state=cards.state(turn, ticket))
    question = turn.say("rate.ask", number=ticket.number)
    return Reply(text=f"{said}\n{question}" if said else question, choices=stars_of(turn, ticket))


def stars_of(turn: Turn, ticket: Ticket) -> tuple[Choice, ...]:
    """One to five as buttons, the best first."""
    return tuple(
        Choice(
            label=turn.say(f"verb.rate{stars}"), send=f"r:{ticket.id}:rate{stars}:{ticket.rev}",
            words=f"{turn.say('verb.rate')} {ticket.number} {stars}",
        )
        for stars in (5, 4, 3, 2, 1)
    )  # fmt: skip


def rate(turn: Turn, ticket: Ticket, stars: int, words: str = "") -> Replies:
    """Write a rating down, thank for it, and say who hears of a bad one."""
    tickets.rate(turn, ticket, stars, words)
    if stars > 2:
        return _done(turn, ticket, turn.say("rate.done", number=ticket.number, stars=stars))
    (rated,) = tickets.last_of(turn, ticket)
    told = [cards.who(turn, each) for each in dict.fromkeys((ticket.assignee_id, rated.to_id)) if each]
    name = turn.say("form.or").join(told) or turn.say("card.nobody")
    return _done(turn, ticket, turn.say("rate.done_low", number=ticket.number, stars=stars, to=name))


def _done(turn: Turn, ticket: Ticket, said: str) -> Replies:
    card = cards.card(turn, ticket, staff=False)
    return (Reply(text=said, card=card, choices=cards.choices(turn, ticket, staff=False)),)
