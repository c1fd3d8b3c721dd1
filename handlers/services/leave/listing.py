"""Leave of a whole list (公假): one request and one chain of signatures, and a leave of each who stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from handlers import cards, tickets
from handlers.services.leave.spans import overlapping, span_of
from handlers.tickets import chain
from handlers.turn import Turn
from models.person import Person
from models.ticket import Ticket

_KEY: Final = "list:"
_OWN: Final = frozenset({"people", "people_count", "evidence", "notes", "guardian"})  # of the list, and of nobody on it


def names(ticket: Ticket) -> tuple[str, ...]:
    """The numbers of those on the list, none where the request is no list."""
    return tuple(str(number) for number in ticket.answers.get("people") or ())


def is_on(turn: Turn, ticket: Ticket) -> bool:
    """Whether whoever handed the list in stands on it."""
    return any(person.id == ticket.requester_id for person in _people(turn, ticket))


def give_each(turn: Turn, ticket: Ticket) -> None:
    """Open an approved leave for each other person on the list, who signs back in like anybody.

    Whoever has a leave in that time already, or is no student any more, is left out.
    """
    start, end = span_of(turn, ticket.answers)
    item = turn.school.catalogue.items[ticket.service]
    answers = _answers(turn, ticket)
    for person in _people(turn, ticket):
        theirs = replace(turn, person=person, account=None)
        if person.id == ticket.requester_id or overlapping(theirs, start, end) is not None:
            continue
        child = tickets.open_ticket(
            theirs, item, answers, kind=tickets.LISTED, by=turn.person, key=f"{_KEY}{ticket.number}"
        )
        child.assignee_id = child.assignee_id or ticket.assignee_id
        chain.approve(theirs, child, turn.person)


def take_each(turn: Turn, ticket: Ticket) -> None:
    """Take the leaves of a list back, as far as they are still to come; each student hears of it."""
    for child in children(turn, ticket):
        if child.is_open and turn.school.catalogue.service(child.service).withdrawing(turn, child):
            tickets.withdraw(turn, child)


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
