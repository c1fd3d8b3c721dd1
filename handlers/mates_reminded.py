"""One message to a class officer about classmates who have not signed back in: their names, what to do, and no more of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from handlers import cards
from handlers.notices import Gathered
from handlers.texts import LANGUAGES, text
from handlers.turn import Turn
from models.message import Reply
from models.ticket import Ticket

LINE: Final = "· "


def is_one(each: Gathered) -> bool:
    """Whether a reminder is a classmate's: its reader is a student, and it is not the reader's own matter, so that no button,
    number or date of it is for them."""
    return each.person is not None and each.person.kind == "student" and each.person.id != each.ticket.requester_id


def compose(turn: Turn, several: Iterable[Gathered]) -> Reply:
    """The message about two or more of them, in the language and on the channel of the turn."""
    lines = [LINE + cards.student(turn, each.ticket) for each in several]
    return Reply(text="\n".join([turn.say("reminders.mates"), *lines]))


def without(turn: Turn, reply: Reply, ticket: Ticket) -> Reply | None:
    """Such a message without the student of one ticket: the same where it is another message or names others, None where it
    named no other."""
    head, *lines = reply.text.split("\n")
    lang = next((each for each in LANGUAGES if text(each, "reminders.mates") == head), "")
    if reply.choices or not lang:
        return reply
    line = LINE + cards.student(turn.to(lang, turn.channel), ticket)
    if line not in lines:
        return reply
    lines.remove(line)
    return reply.model_copy(update={"text": "\n".join([head, *lines])}) if lines else None
