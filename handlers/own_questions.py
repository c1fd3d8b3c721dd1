"""Answers what somebody asks of their own matters: why one was refused, what is still to be shown; and words that want one no more."""

from __future__ import annotations

from itertools import takewhile

from sqlalchemy import select

from handlers import cards, marks, notices, owing, owned, student, tickets
from handlers.form_ask import Replies, prefixed
from handlers.turn import Turn
from handlers.understand.orders import read_order
from handlers.understand.rule_words import asks_owed, asks_why_refused
from models.message import Reply
from models.ticket import Resolution, Ticket

REFUSED, ASKED = "refused", "asked"
PARENTS = "guardian_link"  # an order of staff's, which a student may type as well
MOST = 10  # matters that are looked through, the newest first


def hear(turn: Turn, words: str) -> Replies | None:
    """The reason of the last refusal, or what is owed; None for other words."""
    if turn.person is None or turn.person.kind != "student":
        return None
    if asks_why_refused(words):
        return _why(turn)
    order = read_order(words)
    if order is not None and order.verb == PARENTS and not order.words:
        return (Reply(text=turn.say("own.parents")),)
    return (_owed(turn),) if asks_owed(words) else None


def no_more(turn: Turn) -> Replies:
    """「我改主意了，不请了」: nothing is withdrawn by such words, so the one open matter is shown with the question."""
    shown = student.mine(turn)
    found = [each for each in owned.open_of(turn) if not each.private]
    able = [each for each in found if any(":withdraw:" in way.send for way in cards.choices(turn, each, staff=False))]
    if len(able) == 1 and len(found) == 1:
        return prefixed(turn.say("own.withdraw", number=able[0].number), shown)
    return prefixed(turn.say("after.withdraw_how"), shown) if found else shown


def _why(turn: Turn) -> Replies:
    """The newest of one's own matters that was refused or sent back: by whom and with which words, and what may be done; else
    that nothing was."""
    found = (
        select(Ticket)
        .where(turn.own(), Ticket.private.is_(False))
        .order_by(Ticket.opened_at.desc(), Ticket.number.desc())
        .limit(MOST)
    )
    newest = list(turn.session.execute(found).scalars())
    # What was agreed to since then is not asked about, nor is what came before it.
    since = takewhile(lambda each: each.resolution != Resolution.approved and each.back_at is None, newest)
    meant = next((each for each in since if each.resolution == Resolution.refused or student.is_asked(each)), None)
    if meant is None:
        return _not_refused(turn, newest)
    kind = REFUSED if meant.resolution == Resolution.refused else ASKED
    event = next((each for each in reversed(tickets.events_of(turn, meant)) if each.kind == kind), None)
    if event is None:  # Waiting for something else than an answer of the student's.
        return _not_refused(turn, newest)
    words = "" if cards.withheld(turn, meant) else notices.words_of(turn, event)
    name = cards.who(turn, event.by_id) or turn.say("card.nobody")
    if kind == REFUSED:
        key = "own.refused" if words else "own.refused_there"
    else:
        key = "own.sent_back" if words else "own.sent_back_there"
    said = turn.say(key, number=meant.number, name=name, words=words)
    return (_shown(turn, meant, said),)


def _not_refused(turn: Turn, newest: list[Ticket]) -> Replies:
    """Nothing of one's own was refused: with whom lies what still waits for an answer."""
    waits = [each for each in newest if each.is_open and each.back_at is None]
    if not waits:
        return (Reply(text=turn.say("own.no_refusal")),)
    said = turn.say("own.not_refused", number=waits[0].number, name=marks.owing(turn, waits[0]))
    return (_shown(turn, waits[0], said),)


def _shown(turn: Turn, ticket: Ticket, said: str) -> Reply:
    choices = cards.choices(turn, ticket, staff=False)
    return Reply(text=said, card=cards.card(turn, ticket, staff=False), choices=choices)


def _owed(turn: Turn) -> Reply:
    lines = [f"{each.number} {line}" for each in owing.mine(turn) if (line := owing.line(turn, each))]
    return Reply(text="\n".join(lines) if lines else turn.say("own.owes_nothing"))
