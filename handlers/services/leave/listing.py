"""Leave of a whole list (公假): one request and one chain of signatures, and a leave of each who stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from handlers import cards, tickets
from handlers.services.leave import list_telling
from handlers.services.leave.spans import overlapping, span_of
from handlers.tickets import chain
from handlers.turn import Turn
from models.person import Person
from models.ticket import Event, Resolution, Ticket

_KEY: Final = "list:"
# Of the list, and of nobody on it.
_OWN: Final = frozenset({"people", "people_count", "evidence", "evidence_due", "notes", "guardian"})


def names(ticket: Ticket) -> tuple[str, ...]:
    """The numbers of those on the list, none where the request is no list."""
    return tuple(str(number) for number in ticket.answers.get("people") or ())


def is_on(turn: Turn, ticket: Ticket) -> bool:
    """Whether whoever handed the list in stands on it."""
    return any(person.id == ticket.requester_id for person in _people(turn, ticket))


def give_each(turn: Turn, ticket: Ticket) -> None:
    """Open an approved leave for each other person on the list, who signs back in like anybody.

    Whoever has a leave in that time already is left out, and told so; who took no part any more when the list was signed
    before, or is no student, has none either.
    """
    start, end = span_of(turn, ticket.answers)
    item = turn.school.catalogue.items[ticket.service]
    answers, out = _answers(turn, ticket), _dropped_out(turn, ticket)
    given: list[Ticket] = []
    left: list[tuple[Person, Ticket]] = []
    for person in _people(turn, ticket):
        theirs = replace(turn, person=person, account=None)
        if person.id == ticket.requester_id or person.id in out:
            continue
        if (other := overlapping(theirs, start, end)) is not None:
            left.append((person, other))
            continue
        child = tickets.open_ticket(
            theirs, item, answers, kind=tickets.LISTED, by=turn.person, key=f"{_KEY}{ticket.number}"
        )
        child.assignee_id = child.assignee_id or ticket.assignee_id
        chain.approve(theirs, child, turn.person)
        given.append(child)
    list_telling.approved(turn, ticket, given, left)


def lines(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """What whoever decides on a list reads of it, and what became of each (`list_telling.lines`)."""
    people, given = list(_people(turn, ticket)), children(turn, ticket)
    return list_telling.lines(turn, ticket, people, given, _in_the_way(turn, ticket, people, given))


def clashes(turn: Turn, ticket: Ticket) -> bool:
    """Whether somebody on a list has a leave in its time already."""
    return bool(_in_the_way(turn, ticket, list(_people(turn, ticket)), children(turn, ticket)))


def _in_the_way(
    turn: Turn, ticket: Ticket, people: list[Person], given: list[Ticket]
) -> list[tuple[Person, Ticket]]:  # fmt: skip
    """Who on a list got no leave by it, or will get none, and by which other one."""
    start, end = span_of(turn, ticket.answers)
    have = {ticket.requester_id, *(each.requester_id for each in given)}
    found = ((each, overlapping(turn, start, end, each.id, lock=False)) for each in people if each.id not in have)
    return [(person, other) for person, other in found if other is not None and other.id != ticket.id]


def take_each(turn: Turn, ticket: Ticket) -> None:
    """Take the leaves of a list back, as far as they are still to come; each student hears of it, and who was told."""
    found = children(turn, ticket)
    gone = [
        each for each in found
        if each.is_open and turn.school.catalogue.service(each.service).withdrawing(turn, each)
    ]  # fmt: skip
    for child in gone:
        tickets.withdraw(turn, child)
    list_telling.copies(turn, ticket, gone, off=True)


def _dropped_out(turn: Turn, ticket: Ticket) -> set[str]:
    """Who had a leave of this list before and took it back."""
    gone = {each.id: each for each in children(turn, ticket) if each.resolution == Resolution.withdrawn}
    events = select(Event.ticket_id, Event.by_id).where(Event.ticket_id.in_(gone), Event.kind == "withdrawn")
    return {row.by_id for row in turn.session.execute(events) if row.by_id == gone[row.ticket_id].requester_id}


def children(turn: Turn, ticket: Ticket) -> list[Ticket]:
    """The leaves that were opened for those on a list."""
    ids = [person.id for person in _people(turn, ticket)]
    of_them = select(Ticket).where(
        Ticket.requester_id.in_(ids), Ticket.opened_at >= ticket.opened_at, Ticket.service == ticket.service
    )
    found = turn.session.execute(of_them.order_by(Ticket.number)).scalars()
    return [each for each in found if each.answers.get("listed") == ticket.number]


def _people(turn: Turn, ticket: Ticket) -> Iterator[Person]:
    numbers = names(ticket)
    if numbers:
        found = select(Person).where(Person.number.in_(numbers), Person.kind == "student", Person.active)
        yield from turn.session.execute(found.order_by(Person.number)).scalars().all()


def _answers(turn: Turn, ticket: Ticket) -> dict[str, Any]:
    whole = cards.answers_of(turn, ticket)
    return {key: value for key, value in whole.items() if key not in _OWN} | {"listed": ticket.number}
