"""Correcting in chat (更正): what a decision is to become, or which words give way to others; asked where it is not plain."""

from __future__ import annotations

from typing import Final

from handlers import cards, corrections, repeating, tickets, undelivered
from handlers.talks import Order, Talk
from handlers.turn import Turn
from handlers.understand.orders import read_becomes
from models.message import Choice, Refused, Reply
from models.ticket import Event, Ticket

Replies = tuple[Reply, ...]
VERB: Final = "correct"
REPLY: Final = "reply"
# What an order that waits keeps: what it is to become, or the words that were said before that was known.
_TO, _SAID = "to:", "said:"


def act(turn: Turn, talk: Talk, ticket: Ticket, words: str) -> Replies:
    """「更正 QJ-2611-0001 不同意 材料不实」, or a part of it; what is missing is asked for, what cannot be is refused."""
    if words and repeating.corrected_lately(turn, ticket, words=words):
        return _again(turn, talk, ticket)
    options = tickets.before_correct(turn, ticket)
    names = [to for to, _ in options]
    kept = talk.order.words if talk.order is not None and talk.order.ticket == ticket.id else ""
    named, rest = read_becomes(words)
    first = next((to for to in names if _kind(to) == REPLY), "")
    decision = tickets.decided(turn, ticket)
    if kept.startswith(_SAID) and named and not rest:
        rest = kept.removeprefix(_SAID)  # What it is to become was asked for, and the reason was said before.
    if named == REPLY and first:
        return _do(turn, talk, ticket, first, rest)
    if named in names or (named and named != REPLY and decision in ("approved", "signed", "refused")):
        return _do(turn, talk, ticket, named, rest)
    if kept.startswith(_TO):
        return _do(turn, talk, ticket, kept.removeprefix(_TO), words)
    if len(names) == 1 or (words and decision == "answered" and first):
        return _do(turn, talk, ticket, first or names[0], words)
    return _which(turn, talk, ticket, options, words)


def press(turn: Turn, talk: Talk, ticket: Ticket, to: str) -> Replies:
    """A button that says what it is to become; the ticket is locked and within the speaker's reach."""
    waits = talk.order is not None and talk.order.ticket == ticket.id and talk.order.verb == VERB
    kept = talk.order.words if talk.order is not None and waits else ""
    words = kept.removeprefix(_SAID) if kept.startswith(_SAID) else ""
    if not waits and repeating.corrected_lately(turn, ticket, to):
        return _again(turn, talk, ticket)
    if to not in [each for each, _ in tickets.before_correct(turn, ticket)]:
        raise Refused("form.stale")
    return _do(turn, talk, ticket, to, words)


def offered(turn: Turn, ticket: Ticket) -> tuple[tuple[tuple[str, str], ...], str]:
    """What may be corrected, as a form names it and as people read it; and why nothing may, "" where something may."""
    try:
        return tuple((to, label(turn, to, event)) for to, event in tickets.before_correct(turn, ticket)), ""
    except Refused as refused:
        return (), turn.say(refused.key, **refused.values)


def label(turn: Turn, to: str, event: Event | None) -> str:
    """What something becomes, or the beginning of the words that give way to others."""
    if event is None:
        return turn.say(f"correct.to_{to}")
    return turn.say("correct.to_reply", words=corrections.shortened(corrections.words_of(turn, event)))


def _kind(to: str) -> str:
    return to.partition(".")[0]


def _which(turn: Turn, talk: Talk, ticket: Ticket, options: list[tuple[str, Event | None]], words: str) -> Replies:
    talk.order = Order(verb=VERB, ticket=ticket.id, words=f"{_SAID}{words}")
    silent = cards.withheld(turn, ticket)
    choices = tuple(
        Choice(
            label=turn.say("verb.reply") if silent and event is not None else label(turn, to, event),
            send=f"h:{ticket.id}:c:{to}", words="" if event is not None else turn.say(f"correct.to_{to}"),
        )
        for to, event in options
    )  # fmt: skip
    said = turn.say("correct.which", names=cards.names(turn, ticket), state=cards.state(turn, ticket, staff=True))
    return (Reply(text=said, choices=(*choices, _cancel(turn))),)


def _do(turn: Turn, talk: Talk, ticket: Ticket, to: str, words: str) -> Replies:
    """Correct it, or ask for the reason or the right words first."""
    kind = _kind(to)
    if not words:
        talk.order = Order(verb=VERB, ticket=ticket.id, words=f"{_TO}{to}")
        said = turn.say(f"correct.words_{kind}", names=cards.names(turn, ticket))
        return (Reply(text=said, choices=(_cancel(turn),)),)
    if tickets.is_bare(words):
        talk.order = Order(verb=VERB, ticket=ticket.id, words=f"{_TO}{to}")
        return (Reply(text=turn.say("correct.bare", words=words), choices=(_cancel(turn),)),)
    tickets.correct(turn, ticket, to, words)
    talk.order = None
    shown = turn.say("abroad.words") if cards.withheld(turn, ticket) else words
    told = undelivered.foretell(turn, ticket) or turn.say("staff.told", name=cards.student(turn, ticket))
    said = turn.say(f"correct.done_{kind}", names=cards.names(turn, ticket), words=shown, told=told)
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=True), choices=cards.choices(turn, ticket, staff=True)),
    )


def _again(turn: Turn, talk: Talk, ticket: Ticket) -> Replies:
    """The same once more: what it was corrected to the first time, as it stands."""
    talk.order = None
    said = turn.say("correct.again", number=ticket.number, state=cards.state(turn, ticket, staff=True))
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=True), choices=cards.choices(turn, ticket, staff=True)),
    )


def _cancel(turn: Turn) -> Choice:
    return Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
