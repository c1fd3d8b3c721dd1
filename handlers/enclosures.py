"""Files that come with words: how the words name them, how they reach the matter that the words reach, and who opens them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, select

from handlers import abroad, binding, cards, proofs, tickets
from handlers.talks import Talk
from handlers.turn import Turn
from models.message import Choice, File, Incoming, Reply, Upload
from models.outbox import Attachment
from models.ticket import Ticket
from models.unit import finds

MOST: Final = 8  # files that wait with words which nobody has understood yet
SHOWN: Final = 8  # files shown at once
_ANY = select(Attachment.id).where(Attachment.ticket_id == bindparam("ticket")).limit(1)
_FILES = select(Attachment).where(Attachment.ticket_id == bindparam("ticket")).order_by(Attachment.at).limit(SHOWN)


def listed(turn: Turn, ticket: Ticket) -> tuple[Reply, ...]:
    """The files of a ticket that the speaker may open here; that staff see them is written down (audit)."""
    if cards.withheld(turn, ticket) or not proofs.may_open(turn, ticket):
        return ()
    if not finds(turn.session, _ANY, {"ticket": ticket.id}):
        return ()
    rows = turn.session.execute(_FILES, {"ticket": ticket.id}).scalars().all()
    for row in rows:
        proofs.opened(turn, ticket, row.id)
    return tuple(Reply(file=File(id=row.id, name=row.name, kind=row.kind, size=row.size)) for row in rows)


def ways(turn: Turn, ticket: Ticket, files: tuple[Reply, ...]) -> tuple[Choice, ...]:
    """On a phone the address of a file opens nothing, since nobody is signed in there: the button that leads to them."""
    is_phone = turn.channel in binding.PUSHED and turn.person is not None
    return (abroad.way(turn, ticket.number),) if files and is_phone else ()


def named(turn: Turn, words: str, files: Iterable[Upload]) -> str:
    """Words with the names of the files that were sent with them, so that whoever reads them looks for the files."""
    names = turn.say("form.or").join(file.name for file in files)
    return f"{words} {turn.say('student.file', name=names)}".strip() if names else words


def join(turn: Turn, ticket: Ticket, files: Iterable[Upload]) -> None:
    """Make files of the speaker's part of a ticket."""
    for file in files:
        tickets.attach(turn, ticket, file.id)


def answer(turn: Turn, ticket: Ticket, verb: str, files: tuple[Upload, ...]) -> bool:
    """Join what a student sends with a verb; whether that is the proof that is owed as well, since more was asked for."""
    join(turn, ticket, files)
    return verb == "fill" and proofs.come_along(turn, ticket, files)


def follow(turn: Turn, talk: Talk, incoming: Incoming, replies: tuple[Reply, ...]) -> None:
    """Let files go where the words go that they came with.

    Words that nobody understood wait in `talk.unheard`, those about a ticket in `talk.kept`, until it is said what becomes of them; their files wait with them,
    and join the matter whose card answers when the words were used. Without such a card they were dropped with the words.
    """
    if talk.kept and talk.kept[-1].at == talk.rev and incoming.files:
        newest = talk.kept[-1]
        newest.words = named(turn, newest.words, incoming.files)
        talk.files = [*talk.files, *(file.id for file in incoming.files)][-MOST:]
    if talk.kept:
        return
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
