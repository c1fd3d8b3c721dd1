"""Asks once whoever writes down a call to another number than the one that the roster has of the parents."""

from __future__ import annotations

from typing import Final

from handlers import cards, guardians
from handlers.talks import Kept, Talk
from handlers.turn import Turn
from handlers.understand.slots import phone
from models.db import seal_of
from models.message import Choice, Reply
from models.person import Person
from models.ticket import Ticket

VERB: Final = "guardian_phoned"


def values(turn: Turn, ticket: Ticket, words: str) -> dict[str, str] | None:
    """The parts of the question: whom it is about, the roster's number (as much of it as tells it from others), and the one that was called
    (other). None where the roster has none, and where no number or the roster's own is said. Refused as `guardians.book`."""
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    if phone(words) is None or student is None or not student.guardian_phone:
        return None
    called = guardians.before_book(turn, ticket, words)
    kept = guardians.digits(seal_of(turn.session).open(f"person.guardian_phone:{student.id}", student.guardian_phone))
    if kept == guardians.digits(called):
        return None
    return {"names": cards.names(turn, ticket), "kept": f"{kept[:3]}****{kept[-4:]}", "other": called}


def ask(turn: Turn, talk: Talk, ticket: Ticket, words: str) -> tuple[Reply, ...] | None:
    """Whether it was that number, in chat; None where it is the roster's, and where that was just asked: the same order once
    more is a yes."""
    told = values(turn, ticket, words)
    if told is None or turn.account is None:
        return None
    label, send = turn.say("guardian.other_go", **told), f"t:{ticket.id}:{VERB}:{ticket.rev}"
    yes = Choice(label=label, send=send, words=f"{turn.say(f'verb.{VERB}')} {ticket.number} {words}")
    if turn.was_offered(yes):
        return None
    talk.beside = Kept(ask=VERB, ticket=ticket.id, words=words, at=talk.rev)
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    return (Reply(text=turn.say("guardian.other", **told), choices=(yes, cancel)),)
