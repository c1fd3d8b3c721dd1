"""Handing a signature on, or a matter back to an earlier step, in words: 「转签 QJ-2606-0012 王书记 我出差」, 「退回给韩老师 QJ-2606-0012 再核实」."""

from __future__ import annotations

from handlers import cards, directory, signing, tickets
from handlers.catalogue import fold
from handlers.turn import Turn
from handlers.understand.orders import read_note, read_whom
from handlers.understand.step_back import read_step
from handlers.understand.titled import read_titled
from models.message import Refused
from models.person import Person
from models.ticket import Ticket


def candidates(turn: Turn, ticket: Ticket) -> list[Person]:
    """To whom the speaker may hand on the signature that is theirs to give now; none where it is another's.

    Whoever leads may step in and sign for somebody, and gives the step to another by 转办; 转签 is of one's own step only.
    """
    approval = signing.owed(turn, ticket, turn.person)
    if approval is None or turn.person is None or not signing.may_sign(turn, ticket, approval, turn.person):
        return []
    return signing.may_follow(turn, ticket, approval) if signing.is_own(turn, ticket, approval, turn.person) else []


def delegate(turn: Turn, ticket: Ticket, words: str) -> None:
    """Hand the signature to the person whose name or number leads the words; what follows is the note.

    Raises Refused with the names of those who may sign, where none of them is named.
    """
    people = before_delegate(turn, ticket)
    person, note = read_named(people, words)
    if person is None:
        names = turn.say("form.or").join(cards.who(turn, person.id) for person in people)
        first = directory.name_of(people[0], turn.lang)
        raise Refused("signing.who_else", number=ticket.number, name=first, names=names)
    tickets.delegate(turn, ticket, person, note)


def before_delegate(turn: Turn, ticket: Ticket) -> list[Person]:
    """Refuse what `delegate` would refuse whoever is named, before a name is asked for; answers with who may be named."""
    people = candidates(turn, ticket)
    if people:
        return people
    tickets.before(turn, ticket, "refuse")  # Says whose signature it is, where it is not the speaker's.
    approval = signing.owed(turn, ticket, turn.person)
    if approval is not None and turn.person is not None and not signing.is_own(turn, ticket, approval, turn.person):
        raise Refused("signing.not_own", number=ticket.number, name=cards.who(turn, approval.to_id))
    raise Refused("signing.nobody_else")


def before_send_back(turn: Turn, ticket: Ticket) -> None:
    """The same of `send_back`: where nobody signed before there is no step to go back to."""
    tickets.before(turn, ticket, "send_back")
    if not earlier(turn, ticket):
        raise Refused("signing.no_step_back", number=ticket.number)


def read_named(people: list[Person], words: str) -> tuple[Person | None, str]:
    """Of these people whoever leads the words, by name, number, or surname and title, or stands alone in them; with the
    words that are the note. None where that is nobody, or not one alone."""
    told = read_whom(words)
    for person in people:
        for name in (person.name, person.name_en, person.number):
            if name and told.lower().startswith(name.lower()):
                return person, read_note(told[len(name) :])
    surname, rest = read_titled(told)
    called = [person for person in people if surname and person.name.startswith(surname)]
    if len(called) == 1:
        return called[0], read_note(rest)
    named = [person for person in people if fold(person.name) in fold(words)]
    return (named[0], words.strip()) if len(named) == 1 else (None, words)


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
