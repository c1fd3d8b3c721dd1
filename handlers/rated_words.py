"""Words that a student says after the stars (「5」, then 「师傅很快」): kept with the rating for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from handlers import cards, feedback, fields, tickets
from handlers.form_ask import Replies
from handlers.turn import Turn
from handlers.understand.asides import is_thanks, is_wish
from handlers.understand.feedback import read_rating
from handlers.understand.intents import command
from handlers.understand.orders import read_order
from handlers.understand.questions import is_question
from models.ticket import Event, Status, Ticket

WITHIN: Final = timedelta(minutes=30)  # of the stars; later words are about something of their own
MOST: Final = 300  # characters: more is a letter
NEWEST: Final = 5  # matters that are looked at where nothing was understood


def next_after(turn: Turn, words: str) -> Replies | None:
    """The words right after the stars, while the card of what was rated is the last thing shown; None for a wish, a question,
    an order or a service by its name, and where nothing was just rated."""
    offered = turn.account.offered if turn.account is not None else []
    shown = {send.split(":")[1] for _, _, send in offered if send.startswith("t:")}
    found = turn.session.get(Ticket, shown.pop()) if len(shown) == 1 else None
    # Nearly always the card of what is open stands there, so that is looked at first.
    return None if found is None or found.is_open or not _may_be(turn, words) else _kept(turn, words, found)


def not_understood(turn: Turn, words: str) -> Replies | None:
    """The same a while later, for words that nobody understands."""
    if not _may_be(turn, words):
        return None
    ended = select(Ticket).where(
        turn.own(), Ticket.private.is_(False), Ticket.status.in_((Status.resolved, Status.closed))
    )
    newest = turn.session.execute(ended.order_by(Ticket.id.desc()).limit(NEWEST)).scalars()
    return next((said for each in newest if (said := _kept(turn, words, each)) is not None), None)


def _may_be(turn: Turn, words: str) -> bool:
    """Whether words may be a comment: nothing that is said to the bot, and no wish of their own."""
    if turn.person is None or turn.person.kind != "student" or not 1 < len(words) <= MOST:
        return False
    if is_wish(words[:24]) or is_question(words) or is_thanks(words) or command(words) is not None:
        return False
    names = {name.casefold() for item in turn.school.catalogue.offered() for name in fields.names(item)}
    return read_order(words) is None and read_rating(words).stars is None and words.casefold() not in names


def _kept(turn: Turn, words: str, found: Ticket | None) -> Replies | None:
    """The words with the rating of this matter, if that was a moment ago and nothing has happened to it since."""
    if found is None or found.is_open or turn.person is None or found.requester_id != turn.person.id:
        return None
    # What a rule did for low stars stands between.
    by_people = select(Event).where(Event.ticket_id == found.id, Event.by_id.is_not(None))
    newest = by_people.order_by(Event.rev.desc()).limit(1)
    event = turn.session.execute(newest).scalar()
    if event is None or event.kind != "rated" or event.by_id != turn.person.id or turn.now - event.at > WITHIN:
        return None
    if event.sealed is not None or cards.withheld(turn, found) or len(event.words) > MOST:
        return None
    ticket = tickets.get(turn, found.id)
    # The last rating counts with its words, so those that were said before go along.
    return None if ticket is None else feedback.comment(turn, ticket, f"{event.words} {words}".strip())
