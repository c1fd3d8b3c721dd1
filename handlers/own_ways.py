"""What may be done with one's own matters now, asked in words: 「我能撤回吗」, 「怎么评价」, 「能不能修改」, 「详情」 without a number."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from handlers import cards, fields, form_anew, offers, owned, student, tickets, urging
from handlers.form_ask import Replies, prefixed
from handlers.turn import Turn
from handlers.understand.rule_words import asks_way
from models.message import Choice, Reply
from models.ticket import Status, Ticket

MOST: Final = 5  # matters offered at once, the newest first
_OF_MATTERS: Final = frozenset({"rate", "urge", "unhelped"})


def hear(turn: Turn, words: str) -> Replies | None:
    """The matters for which the verb that is asked about is possible now, each with its button; where there is none, when it
    would be. None for other words, and for whoever never had a matter."""
    verb = asks_way(words)
    if not verb or turn.person is None or turn.person.kind != "student":
        return None
    mine = _named(turn, words, [*(each for each in owned.open_of(turn) if not each.private), *_ended(turn)])
    able = [each for each in mine if _send(turn, each, verb)]
    if len(able) == 1:
        (ticket,) = able
        said = turn.say(f"own_ways.can_{verb}", number=ticket.number)
        shown = cards.card(turn, ticket, staff=False)
        ways = [way for way in cards.choices(turn, ticket, staff=False) if f":{verb}:" not in way.send]
        return (Reply(text=said, card=shown, choices=(_way(turn, ticket, verb), *ways)),)
    if able:
        offered = tuple(_way(turn, each, verb, titled=True) for each in able[:MOST])
        return (Reply(text=turn.say(f"own_ways.which_{verb}"), choices=offered),)
    if not mine:
        return None
    return prefixed(turn.say(f"own_ways.cannot_{verb}", days=turn.school.reopen_days), student.mine(turn))


def in_form(turn: Turn, words: str) -> Replies | None:
    """The same while a form is open, for what no form is asked: rating, pressing, taking up again. 「能改吗」 is about the form,
    and so is 「我能撤回吗」, of which nothing has been handed in yet."""
    verb = asks_way(words)
    if verb == "withdraw":
        return (Reply(text=turn.say("own_ways.form_withdraw")),)
    return hear(turn, words) if verb in _OF_MATTERS else None


def _named(turn: Turn, words: str, found: list[Ticket]) -> list[Ticket]:
    """Of these the matters of the service that the words name, else all of them."""
    said = words.casefold()
    offered = turn.school.catalogue.offered()
    named = {item.slug for item in offered if any(name.casefold() in said for name in fields.names(item))}
    return [each for each in found if each.service in named] if named else found


def _ended(turn: Turn) -> list[Ticket]:
    """The newest matters of the speaker's own that have ended."""
    ended = select(Ticket).where(
        turn.own(), Ticket.private.is_(False), Ticket.status.in_((Status.resolved, Status.closed))
    )
    return list(turn.session.execute(ended.order_by(Ticket.id.desc()).limit(MOST)).scalars())


def _send(turn: Turn, ticket: Ticket, verb: str) -> str:
    """The button that does it now, "" where it may not be done."""
    if verb == "change":
        return f"t:{ticket.id}:change:{ticket.rev}" if ticket in form_anew.changeable(turn) else ""
    if verb == "urge":  # Open to more times than are offered a button.
        again = urging.again_at(turn, ticket)
        able = urging.is_owed(ticket) and (again is None or again <= turn.now)
        return f"t:{ticket.id}:urge:{ticket.rev}" if able else ""
    if verb == "rate" and tickets.stars_of(turn, ticket) is None and "helped" in offers.ended(turn, ticket):
        return f"t:{ticket.id}:rate:{ticket.rev}"  # Before it is said whether it helped, too.
    ways = (way.send for way in cards.choices(turn, ticket, staff=False))
    return next((send for send in ways if send.split(":")[2] == verb), "")


def _way(turn: Turn, ticket: Ticket, verb: str, *, titled: bool = False) -> Choice:
    """The button of one matter, which also says by which words it is done."""
    send = _send(turn, ticket, verb)
    if verb == "change":
        return Choice(label=turn.say("leave.change_it", names=ticket.number), send=send)
    title, name = cards.item_of(turn, ticket).title.to(turn.lang), turn.say(f"verb.{verb}")
    label = turn.say("mine.see", number=ticket.number, title=title) if titled else name
    return Choice(label=label, send=send, words=f"{name} {ticket.number}")
