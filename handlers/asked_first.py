"""What is asked once before a verb of staff's is done in chat: a proof not looked at, another's turn, words sent back that name a colleague."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from handlers import (
    addressed,
    cards,
    directory,
    handing_on,
    other_number,
    receivers,
    signing,
    stepping,
    tickets,
    unopened,
)
from handlers.talks import Kept, Order, Talk
from handlers.turn import Turn
from handlers.understand.orders import read_note
from handlers.understand.step_back import read_step
from handlers.understand.titled import after_given, read_titled, tells_where
from models.grid import Grid
from models.message import Choice, Reply
from models.person import Person
from models.ticket import Ticket

Replies = tuple[Reply, ...]
# Nobody is asked for a reason or a name that would then be refused, and lost.
_BEFORE: Final[dict[str, Callable[[Turn, Ticket], object]]] = {
    "extend": tickets.before_extend, "priority": tickets.before_prioritise, "delegate": handing_on.before_delegate,
    "send_back": handing_on.before_send_back,
}  # fmt: skip
_BACK: Final = frozenset({"ask", "send_back"})


def meant(turn: Turn, ticket: Ticket, verb: str, words: str) -> tuple[str, str]:
    """The verb and its words as they are meant: 「退回给韩老师」 goes back a step where 韩老师 signed one; words for the
    student lose the student's name (handlers/addressed.py)."""
    words = addressed.words_of(turn, ticket, verb, words)
    if verb not in _BACK or not after_given(words) or read_step(words)[0] is not None:
        return verb, words
    people, office, _ = _named(turn, words)
    if not people and office is None:
        return verb, words
    signed = {person.id for _, signers in handing_on.earlier(turn, ticket) for person in signers}
    return ("send_back" if any(person.id in signed for person in people) else "ask"), words


def ask(turn: Turn, talk: Talk, ticket: Ticket, verb: str, words: str) -> Replies | None:
    """What is asked back, once; None where nothing is. Refused where the verb would be refused anyway."""
    if (ahead := stepping.ask(turn, ticket, verb, words)) is not None:
        return ahead
    if not words:
        if verb in _BEFORE:
            _BEFORE[verb](turn, ticket)
        return unopened.ask(turn, ticket, verb)
    if verb == other_number.VERB:
        return other_number.ask(turn, talk, ticket, words)
    people, office, rest = _named(turn, words) if verb == "ask" and after_given(words) else ([], None, "")
    if turn.account is None or (not people and office is None):
        return None
    label = turn.say("given_back.student", name=cards.student(turn, ticket), number=ticket.number)
    send = f"t:{ticket.id}:ask:{ticket.rev}"
    student = Choice(label=label, send=send, words=f"{turn.say('verb.ask')} {ticket.number}")
    if turn.was_offered(student):
        return None
    tickets.before(turn, ticket, "ask")
    talk.order = Order(verb="transfer", ticket=ticket.id, words=rest)
    talk.beside = Kept(ask="ask", ticket=ticket.id, words=words, at=talk.rev)
    ways = [
        Choice(label=turn.say("given_back.colleague", name=_called(turn, each)), send=f"h:{ticket.id}:t:{each.id}")
        for each in _takers(turn, ticket, people, office)
    ]
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    whom: Sequence[Person | Grid] = people if office is None else [office]
    who = turn.say("form.or").join(_called(turn, each) for each in whom)
    said = turn.say("given_back.which", names=cards.names(turn, ticket), name=cards.student(turn, ticket), who=who)
    return (Reply(text=said, choices=(*ways, student, cancel)),)


def _named(turn: Turn, words: str) -> tuple[list[Person], Grid | None, str]:
    """The colleagues or the office that words name after 「给」, and what is said after."""
    said = after_given(words)
    people, office, rest = receivers.read_receiver(turn, said)
    if not people and office is None and (surname := read_titled(said)[0]):
        people, rest = receivers.called(turn, surname), read_titled(said)[1]
    if not people and office is None:
        offices, rest = receivers.read_short(turn, said)
        office = offices[0] if len(offices) == 1 else None
    office = None if tells_where(words) else office
    people = [person for person in people if turn.person is None or person.id != turn.person.id]
    return people, None if people else office, read_note(rest)


def _takers(turn: Turn, ticket: Ticket, people: list[Person], office: Grid | None) -> Sequence[Person | Grid]:
    """Of these whoever may be given the matter, or the signature that is owed."""
    owed = signing.owed(turn, ticket, turn.person)
    if owed is not None:
        may = {person.id for person in signing.may_follow(turn, ticket, owed)}
        return [person for person in people if person.id in may][: receivers.MOST]
    free = [person for person in people if receivers.barred(turn, ticket, person) is None]
    return [*free[: receivers.MOST], *([office] if office is not None else [])]


def _called(turn: Turn, to: Person | Grid) -> str:
    if isinstance(to, Grid):
        return directory.grid_name(turn.session, to.path, turn.lang)
    return directory.name_of(to, turn.lang)
