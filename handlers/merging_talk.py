"""Merging in chat: which other matter it may be, offered as buttons, and the one whose number is said."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, or_, select

from handlers import access, cards, taking_back, tickets
from handlers.catalogue import fold
from handlers.talks import Order, Talk
from handlers.turn import Turn
from handlers.understand.asides import house
from handlers.understand.orders import read_other
from models.message import Choice, Refused, Reply
from models.ticket import OPEN, Ticket

Replies = tuple[Reply, ...]
PLACE: Final = "where"  # the field of an item that says where something is broken
MOST: Final = 5  # other matters offered at once, the newest first


def act(turn: Turn, talk: Talk, ticket: Ticket, words: str) -> Replies:
    """「合并 QJ-1 到 QJ-2」: the other one by its number; without one those that fit are offered."""
    number, rest = read_other(words)
    if number:
        other = tickets.by_number(turn, number)
        return _doubt(turn, talk, ticket, other, rest) or merge(turn, talk, ticket, other, rest)
    if talk.order is not None and talk.order.verb == "merge" and words:
        raise Refused("colleagues.merge_number")
    tickets.before_merge(turn, ticket)
    tickets.before(turn, ticket, "merge")
    talk.order = Order(verb="merge", ticket=ticket.id)
    offered = tuple(
        Choice(label=_line(turn, other), send=f"h:{ticket.id}:m:{other.id}", words=other.number)
        for other in candidates(turn, ticket)
    )
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    said = turn.say("colleagues.merge_which", names=cards.names(turn, ticket))
    return (Reply(text=said, choices=(*offered, cancel)),)


def candidates(turn: Turn, ticket: Ticket, most: int = MOST) -> list[Ticket]:
    """Open matters within the speaker's reach that may be the same: of the same requester, or of the same service and
    place; the newest first."""
    if turn.person is None:
        return []
    same = and_(Ticket.service == ticket.service, Ticket.path == ticket.path)
    if ticket.requester_id is not None:
        own = Ticket.requester_id == ticket.requester_id
        # What is not merged with anybody else's, such as a leave, is offered the requester's own only.
        same = or_(same, own) if tickets.may_merge(turn, ticket) else own
    statement = select(Ticket).where(
        same, Ticket.id != ticket.id, Ticket.status.in_(OPEN), Ticket.back_at.is_(None), Ticket.private.is_(False),
        access.answerable(turn.session, turn.person, turn.now),
    )  # fmt: skip
    found = turn.session.execute(statement.order_by(Ticket.id.desc()).limit(2 * most)).scalars()
    return [each for each in found if tickets.may_merge(turn, ticket, each)][:most]


def press(turn: Turn, talk: Talk, ticket: Ticket, letter: str, other: Ticket | None) -> Replies:
    """A button: the other matter ("m"), or that it is the same although the places differ ("s")."""
    words = talk.order.words if talk.order is not None and talk.order.ticket == ticket.id else ""
    doubt = _doubt(turn, talk, ticket, other, words) if letter == "m" else None
    return doubt or merge(turn, talk, ticket, other, words)


def _doubt(turn: Turn, talk: Talk, ticket: Ticket, other: Ticket | None, words: str) -> Replies | None:
    """Asked before two matters of different houses become one; None where nothing speaks against it, or nothing may be said."""
    if other is None or turn.person is None or not access.may_act(turn.session, turn.person, other, turn.now):
        return None
    apart = places_apart(turn, ticket, other)
    if apart is None:
        return None
    talk.order = Order(verb="merge", ticket=ticket.id, words=words)
    said = turn.say("merge_doubt.places", **apart)
    go = Choice(label=turn.say("merge_doubt.go"), send=f"h:{ticket.id}:s:{other.id}", style="main",
                words=turn.say("way.yes"))  # fmt: skip
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    return (Reply(text=said, choices=(go, cancel)),)


def places_apart(turn: Turn, ticket: Ticket, other: Ticket) -> dict[str, str] | None:
    """What is asked before two matters of different houses become one: the values of "merge_doubt.places"; None where
    nothing speaks against it, or nothing may be said. Raises Refused where the ticket may not be merged at all."""
    if cards.withheld(turn, ticket) or cards.withheld(turn, other):
        return None
    here, there = _house(ticket), _house(other)
    if not here or not there or here == there:
        return None
    tickets.before(turn, ticket, "merge")
    return {
        "number": ticket.number,
        "here": ticket.answers[PLACE],
        "other": other.number,
        "there": other.answers[PLACE],
    }


def _house(ticket: Ticket) -> str:
    """The place of a matter without its room (「东园1号楼203」 → 「东园1号楼」): one fault may be seen from many rooms."""
    said = ticket.answers.get(PLACE)
    return house(fold(said)) if isinstance(said, str) else ""


def merge(turn: Turn, talk: Talk, ticket: Ticket, other: Ticket | None, words: str = "") -> Replies:
    """Merge a ticket into another that the speaker reaches as well."""
    if other is None or turn.person is None or not access.may_act(turn.session, turn.person, other, turn.now):
        raise Refused("ticket.not_found")
    kept = tickets.merge(turn, ticket, other, words)
    talk.order = None
    said = turn.say(
        "colleagues.merge_done", number=ticket.number, other=kept.number, names=cards.names(turn, kept)
    )  # fmt: skip
    choices = (*cards.choices(turn, kept, staff=True), *taking_back.offer(turn, ticket, "merge"))
    return (Reply(text=said, card=cards.card(turn, kept, staff=True), choices=choices),)


def _line(turn: Turn, ticket: Ticket) -> str:
    title = cards.item_of(turn, ticket).title.to(turn.lang)
    return turn.say("colleagues.merge_line", number=ticket.number, title=title, name=cards.student(turn, ticket))
