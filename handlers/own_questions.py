"""Answers what somebody asks of their own matters: why one was refused, what is still to be shown; and words that want one no more."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from handlers import cards, notices, owing, owned, student, tickets
from handlers.form_ask import Replies, prefixed
from handlers.turn import Turn
from handlers.understand.rule_words import asks_owed, asks_why_refused
from models.message import Reply
from models.ticket import Resolution, Ticket

REFUSED: Final = "refused"


def hear(turn: Turn, words: str) -> Replies | None:
    """The reason of the last refusal, or what is owed; None for other words, and where nothing of one's own was refused."""
    if turn.person is None or turn.person.kind != "student":
        return None
    if asks_why_refused(words):
        return _why(turn)
    return (_owed(turn),) if asks_owed(words) else None


def no_more(turn: Turn) -> Replies:
    """「我改主意了，不请了」: nothing is withdrawn by such words, so the one open matter is shown with the question."""
    shown = student.mine(turn)
    found = [each for each in owned.open_of(turn) if not each.private]
    able = [each for each in found if any(":withdraw:" in way.send for way in cards.choices(turn, each, staff=False))]
    if len(able) == 1 and len(found) == 1:
        return prefixed(turn.say("own.withdraw", number=able[0].number), shown)
    return prefixed(turn.say("after.withdraw_how"), shown) if found else shown


def _why(turn: Turn) -> Replies | None:
    """The newest of one's own matters, if it was refused: by whom and with which words, and what may be done."""
    newest: Ticket | None = turn.session.execute(
        select(Ticket)
        .where(turn.own(), Ticket.private.is_(False))
        .order_by(Ticket.opened_at.desc(), Ticket.number.desc())
        .limit(1)
    ).scalar()
    if newest is None or newest.resolution != Resolution.refused:
        return None
    event = next((each for each in reversed(tickets.events_of(turn, newest)) if each.kind == REFUSED), None)
    if event is None:
        return None
    words = "" if cards.withheld(turn, newest) else notices.words_of(turn, event)
    name = cards.who(turn, event.by_id) or turn.say("card.nobody")
    key = "own.refused" if words else "own.refused_there"
    said = turn.say(key, number=newest.number, name=name, words=words)
    return (
        Reply(text=said, card=cards.card(turn, newest, staff=False), choices=cards.choices(turn, newest, staff=False)),
    )


def _owed(turn: Turn) -> Reply:
    lines = [f"{each.number} {line}" for each in owing.mine(turn) if (line := owing.line(turn, each))]
    return Reply(text="\n".join(lines) if lines else turn.say("own.owes_nothing"))
