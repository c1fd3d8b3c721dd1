"""What staff say in chat to put a ticket in order among themselves: tags, related matters, reminders of their own; students see none of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from handlers import access, cards, checklist_talk, own_reminders, tags, tickets
from handlers.talks import Order, Talk
from handlers.turn import Turn
from handlers.understand.orders import read_other
from models.message import Choice, Refused, Reply
from models.ticket import Ticket

Replies = tuple[Reply, ...]


ELSEWHERE: Final = "related.elsewhere"  # the other matter is not there, or out of reach: the same words for both


def _other(turn: Turn, words: str) -> Ticket:
    """The other ticket that words name by its number. Raises Refused where they name none."""
    number, _ = read_other(words)
    if not number:
        raise Refused("related.which")
    other = tickets.by_number(turn, number)
    if other is None or turn.person is None or not access.may_act(turn.session, turn.person, other, turn.now):
        if other is not None and turn.person is not None:
            access.refused(turn.person, other)
        raise Refused(ELSEWHERE, number=number)  # Of the other one: the matter at hand is there.
    return other


def _relate(turn: Turn, ticket: Ticket, words: str) -> None:
    tickets.relate(turn, ticket, _other(turn, words))


def _unrelate(turn: Turn, ticket: Ticket, words: str) -> None:
    tickets.unrelate(turn, ticket, _other(turn, words))


def _snooze(turn: Turn, ticket: Ticket, words: str) -> None:
    tickets.snooze(turn, ticket, own_reminders.when(turn, words))


def _unsnooze(turn: Turn, ticket: Ticket, _words: str) -> None:
    tickets.unsnooze(turn, ticket)


DO: Final[dict[str, Callable[[Turn, Ticket, str], None]]] = {
    "tag": tickets.tag, "untag": tickets.untag, "relate": _relate, "unrelate": _unrelate,
    "snooze": _snooze, "unsnooze": _unsnooze, "tick": tickets.tick, "untick": tickets.untick, "line": tickets.add_line,
    "unline": tickets.drop_line,
}  # fmt: skip
VERBS: Final = frozenset(DO)
OFF: Final = "off"  # the button that takes a reminder back
BARE: Final = frozenset({"unsnooze"})  # verbs without words


def act(turn: Turn, talk: Talk, ticket: Ticket, verb: str, words: str) -> Replies:
    """One of these verbs on a ticket within the speaker's reach; asks for what it needs and was not said."""
    if not words and verb not in BARE:
        return _ask(turn, talk, ticket, verb)
    DO[verb](turn, ticket, words)
    talk.order = None
    return _done(turn, ticket, verb)


def _ask(turn: Turn, talk: Talk, ticket: Ticket, verb: str) -> Replies:
    talk.order = Order(verb=verb, ticket=ticket.id)
    if verb in checklist_talk.VERBS:
        return checklist_talk.ask(turn, talk, ticket, verb)
    if verb in ("relate", "unrelate"):
        return (Reply(text=turn.say("related.words", names=cards.names(turn, ticket)), choices=(_cancel(turn),)),)
    if verb == "snooze":
        return (Reply(text=turn.say("snooze.words", names=cards.names(turn, ticket)), choices=_times(turn, ticket)),)
    named = tags.of(turn, [ticket.id]).get(ticket.id, ()) if verb == "untag" else tags.in_use(turn)
    said = turn.say(f"tags.{verb}_words", names=cards.names(turn, ticket))
    if named and not cards.withheld(turn, ticket):
        said += "\n" + turn.say("tags.has" if verb == "untag" else "tags.in_use", names=tags.listed(named))
    return (Reply(text=said, choices=(_cancel(turn),)),)


def _times(turn: Turn, ticket: Ticket) -> tuple[Choice, ...]:
    ways = tuple(
        Choice(label=(label := turn.say(f"snooze.{way}")), send=f"h:{ticket.id}:z:{way}", words=label)
        for way in own_reminders.WAYS
    )
    return (*ways, _cancel(turn))


def press(turn: Turn, talk: Talk, ticket: Ticket, way: str) -> Replies:
    """A button of a reminder: one of the times, or "off"."""
    if way not in (*own_reminders.WAYS, OFF):
        raise Refused("form.stale")
    return act(turn, talk, ticket, "unsnooze" if way == OFF else "snooze", "" if way == OFF else way)


def press_line(turn: Turn, talk: Talk, ticket: Ticket, way: str) -> Replies:
    """A button of a checklist: the number of a line to tick, or with "-" before it to untick."""
    if not way.removeprefix("-").isdecimal():
        raise Refused("form.stale")
    return act(turn, talk, ticket, "untick" if way.startswith("-") else "tick", way.removeprefix("-"))


def _cancel(turn: Turn) -> Choice:
    return Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))


def _done(turn: Turn, ticket: Ticket, verb: str) -> Replies:
    """What was done, and the card as it stands now."""
    if verb in checklist_talk.VERBS:
        return checklist_talk.done(turn, ticket, verb)
    there = tags.of(turn, [ticket.id]).get(ticket.id, ())
    shown = turn.say("abroad.words") if cards.withheld(turn, ticket) else tags.listed(there) or turn.say("tags.none")
    if verb in ("snooze", "unsnooze"):
        at = next((each.at for each in own_reminders.mine(turn) if each.ticket_id == ticket.id), "")
        said = turn.say(f"snooze.{verb}_done", names=cards.names(turn, ticket), at=at)
        return _with_card(turn, ticket, said)
    key = f"tags.{verb}_done" if verb in ("tag", "untag") else f"related.{verb}_done"
    return _with_card(turn, ticket, turn.say(key, names=cards.names(turn, ticket), words=shown))


def _with_card(turn: Turn, ticket: Ticket, said: str) -> Replies:
    turn.session.flush()
    if turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        return (Reply(text=said),)
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=True), choices=cards.choices(turn, ticket, staff=True)),
    )
