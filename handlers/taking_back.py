"""What a member of staff hears who says 「撤销」: which decision it was, that it is taken back, or why it cannot be."""

from __future__ import annotations

from typing import Final

from handlers import cards, lists, progressing, tickets, unmerging
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.orders import Order
from models.correction import WITHIN
from models.message import Choice, Refused, Reply
from models.ticket import Ticket

OFFERED: Final = frozenset(
    {"sign", "refuse", "ask", "resolve", "conclude", "take", "transfer", "assign", "merge", "close", "split"}
)  # verbs whose echo offers to take them back
SENT: Final = frozenset({"reply", "progress", "ask", "fill", "unhelped"})  # nothing but words to somebody


def left(turn: Turn, talk: Talk) -> Reply:
    """What was to be said or done is left: words that would have been sent, or another verb that waited for its own."""
    sent = talk.order is None or talk.order.verb in SENT
    talk.order, talk.consult = None, False
    return Reply(text=turn.say("menu.nothing_sent" if sent else "menu.nothing_done"))


def hear(turn: Turn, talk: Talk, order: Order, named: Ticket | None) -> tuple[Reply, ...] | None:
    """「撤销」, alone or with a number; None where it is said of an answer in a form of the speaker's own.

    While words are waited for it drops only the verb that waits for them.
    """
    if talk.order is not None and named is None and not order.tail:
        return (left(turn, talk),)
    if named is None and order.tail:
        found = lists.by_tail(turn, order.tail)
        named = tickets.by_number(turn, found.number) if found else None
    if named is None and not order.number and not order.tail:
        if talk.draft is not None:
            return None
        newest = tickets.newest_of(turn)
        named = tickets.get(turn, newest.ticket_id) if newest is not None else None
        if named is None:
            raise Refused("undo.none", minutes=int(WITHIN.total_seconds()) // 60)
        if unmerging.click_of(turn, named):
            return together(turn, named)
    if named is None:
        raise Refused("ticket.not_found")
    return undo(turn, named)


def together(turn: Turn, ticket: Ticket) -> tuple[Reply, ...]:
    """Take the whole click back that merged this ticket with others."""
    click = unmerging.click_of(turn, ticket)
    if not click:
        raise Refused("undo.nothing", number=ticket.number)
    gone = unmerging.take_back(turn, click)
    rest = [each.number for each in click if each.id not in {ticket.id for ticket in gone}]
    comma = turn.say("merge_many.and")
    said = turn.say("merge_many.undone", count=len(gone), numbers=comma.join(each.number for each in gone))
    said += "\n" + turn.say("merge_many.undone_not", numbers=comma.join(rest)) if rest else ""
    return (Reply(text=said),)


def undo(turn: Turn, ticket: Ticket) -> tuple[Reply, ...]:
    """Take back the speaker's last decision on a ticket, and show how it stands now."""
    locked = tickets.get(turn, ticket.id)
    if locked is None or not tickets.may_undo(turn, locked):
        raise Refused("ticket.not_found")
    verb = tickets.undo(turn, locked)
    said = turn.say(
        "undo.done", names=cards.names(turn, locked), verb=turn.say(f"verb.{verb}"),
        name=cards.student(turn, locked) or turn.say("undo.somebody"),
    )  # fmt: skip
    card = cards.card(turn, locked, staff=True)
    return (Reply(text=said, card=card, choices=cards.choices(turn, locked, staff=True)),)


def offer(turn: Turn, ticket: Ticket, verb: str) -> tuple[Choice, ...]:
    """The button that takes a decision back, under its echo; none where there is nothing to take back. Of words to the student
    the one that makes progress an answer, or an answer progress."""
    if verb in ("reply", "progress"):
        return cards.buttons(turn, ticket, progressing.turns(turn, ticket))
    if verb not in OFFERED or (verb == "take" and cards.item_of(turn, ticket).urgent):
        return ()
    label = turn.say("verb.undo")
    return (Choice(label=label, send=f"t:{ticket.id}:undo:{ticket.rev}", words=f"{label} {ticket.number}"),)
