"""Handing a signature on in words: 「转签 QJ-2606-0012 王书记 我出差」 names who is to sign, and perhaps why."""

from __future__ import annotations

from handlers import cards, directory, signing, tickets
from handlers.catalogue import fold
from handlers.turn import Turn
from handlers.understand.orders import read_note, read_whom
from models.message import Refused
from models.person import Person
from models.ticket import Ticket


def candidates(turn: Turn, ticket: Ticket) -> list[Person]:
    """To whom the speaker may hand on the signature that he would give now; none where it is not his to give."""
    approval = signing.owed(turn, ticket, turn.person)
    if approval is None or turn.person is None or not signing.may_sign(turn, ticket, approval, turn.person):
        return []
    return signing.may_follow(turn, ticket, approval)


def delegate(turn: Turn, ticket: Ticket, words: str) -> None:
    """Hand the signature to the person whose name or number leads the words; what follows is the note.

    Raises Refused with the names of those who may sign, where none of them is named.
    """
    people = candidates(turn, ticket)
    if not people:
        tickets.before(turn, ticket, "refuse")  # Says whose signature it is, where it is not the speaker's.
        raise Refused("signing.nobody_else")
    told = read_whom(words)
    for person in people:
        for name in (person.name, person.name_en, person.number):
            if name and told.lower().startswith(name.lower()):
                tickets.delegate(turn, ticket, person, read_note(told[len(name) :]))
                return
    named = [person for person in people if fold(person.name) in fold(words)]
    if len(named) == 1:
        tickets.delegate(turn, ticket, named[0], words.strip())
        return
    names = turn.say("form.or").join(cards.who(turn, person.id) for person in people)
    first = directory.name_of(people[0], turn.lang)
    raise Refused("signing.who_else", number=ticket.number, name=first, names=names)
