"""Handing a signature on, or a matter back to an earlier step, in words: 「转签 QJ-2606-0012 王书记 我出差」, 「退回给韩老师 QJ-2606-0012 再核实」."""

from __future__ import annotations

from handlers import cards, directory, signing, tickets
from handlers.catalogue import fold
from handlers.turn import Turn
from handlers.understand.orders import read_note, read_whom
from handlers.understand.step_back import read_step
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


def earlier(turn: Turn, ticket: Ticket) -> list[tuple[int, list[Person]]]:
    """The steps to which the speaker may send the matter back, counted from 1 as people do, each with whoever signed it."""
    if turn.person is None:
        return []
    found = []
    for lines in tickets.steps_back(turn, ticket, turn.person):
        people = [turn.session.get(Person, line.person_id or line.to_id) for line in lines]
        found.append((lines[0].step + 1, [person for person in people if person is not None]))
    return found


def send_back(turn: Turn, ticket: Ticket, words: str) -> None:
    """Send the matter back to the step that leads the words, by its number or by who signed it, else to the one before.

    Raises Refused where there is no such step, with those that there are, and where no reason is said.
    """
    step, rest = read_step(words)
    steps = earlier(turn, ticket)
    for number, people in steps:
        if step is not None:
            break
        for person in people:
            for name in (person.name, person.name_en, person.number):
                if name and rest.lower().startswith(name.lower()):
                    step, rest = number, read_note(rest[len(name) :])
                    break
    if step is not None and not rest.strip():
        raise Refused("signing.back_why", number=ticket.number)
    if step is not None and steps and step not in dict(steps):
        lines = [turn.say("signing.step_line", step=number, names=_named(turn, people)) for number, people in steps]
        raise Refused("signing.which_step", number=ticket.number, steps=turn.say("form.or").join(lines))
    tickets.send_back(turn, ticket, words if step is None else rest, None if step is None else step - 1)


def _named(turn: Turn, people: list[Person]) -> str:
    return turn.say("form.or").join(cards.who(turn, person.id) for person in people)


def steps_offered(turn: Turn, ticket: Ticket) -> tuple[tuple[tuple[str, str], ...], str]:
    """The same for a page: (the words that name a step, how people read it), where there is more than one; and no reason."""
    steps = earlier(turn, ticket)
    shown = [
        (f"step {number}", turn.say("signing.step_line", step=number, names=_named(turn, people)))
        for number, people in steps
    ]
    return tuple(reversed(shown)) if len(shown) > 1 else (), ""
