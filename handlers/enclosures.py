"""Files that come with words: how the words name them, and how they reach the matter that the words reach in the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from handlers import tickets
from handlers.talks import Talk
from handlers.turn import Turn
from models.message import Incoming, Reply, Upload
from models.ticket import Ticket

MOST: Final = 8  # files that wait with words which nobody has understood yet


def named(turn: Turn, words: str, files: Iterable[Upload]) -> str:
    """Words with the names of the files that were sent with them, so that whoever reads them looks for the files."""
    names = turn.say("form.or").join(file.name for file in files)
    return f"{words} {turn.say('student.file', name=names)}".strip() if names else words


def join(turn: Turn, ticket: Ticket, files: Iterable[Upload]) -> None:
    """Make files of the speaker's part of a ticket."""
    for file in files:
        tickets.attach(turn, ticket, file.id)


def follow(turn: Turn, talk: Talk, incoming: Incoming, replies: tuple[Reply, ...]) -> None:
    """Let files go where the words go that they came with.

    Words that nobody understood wait in `talk.unheard` until it is said what becomes of them; their files wait with them,
    and join the matter whose card answers when the words were used. Without such a card they were dropped with the words.
    """
    if talk.unheard:
        if incoming.files and talk.unheard[-1] == incoming.text.strip():
            talk.unheard[-1] = named(turn, talk.unheard[-1], incoming.files)
            talk.files = [*talk.files, *(file.id for file in incoming.files)][-MOST:]
        return
    number = next((reply.card.ticket for reply in replies if reply.card is not None), "") if talk.files else ""
    ticket = tickets.by_number(turn, number) if number else None
    is_own = ticket is not None and (
        ticket.requester_id == turn.person.id
        if turn.person is not None
        else turn.account is not None and ticket.account_id == turn.account.id
    )
    if ticket is not None and is_own:
        for file_id in talk.files:
            tickets.attach(turn, ticket, file_id)
    talk.files = []
