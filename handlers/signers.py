"""Of whom a signature is asked: whoever holds the role and is here, else who stands in, else the next one up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select

from handlers import duties
from handlers.turn import Turn
from models.item import Item
from models.person import Person
from models.ticket import Ticket


class Asked(NamedTuple):
    """Who is asked, None when nobody is there; and why it is not the holder of the role: "" it is, "stood_in" somebody
    stands in, "climbed" nobody holds it (or all are away), "passed_up" the holder is who the matter is about."""

    person: Person | None
    why: str = ""


def concerned(turn: Turn, item: Item, requester_id: str | None, answers: dict[str, Any]) -> frozenset[str]:
    """Ids of those who never decide on a matter: whoever asked, and the people whom its answers name."""
    found = {requester_id} if requester_id else set()
    numbers = {
        str(number) for field in item.fields if field.kind == "people" for number in answers.get(field.key) or ()
    }
    if numbers:
        found |= set(turn.session.execute(select(Person.id).where(Person.number.in_(numbers))).scalars())
    return frozenset(found)


def concerned_by(turn: Turn, item: Item, ticket: Ticket) -> frozenset[str]:
    """As `concerned`, of a ticket."""
    return concerned(turn, item, ticket.requester_id, ticket.answers)


def ask(turn: Turn, path: str, role: str, barred: frozenset[str]) -> Asked:
    """Of whom a signature in a role for an area is asked now. barred: who may not be asked (`concerned`)."""
    holding = duties.holding(turn.session, path, role, turn.now)
    free = {person.id: person for person, _ in holding if person.id not in barred}
    if free:
        person = _one_of(turn, path, role, list(free.values()), barred)
        return Asked(person, "stood_in" if (person, True) in holding else "")
    why = "passed_up" if holding else "climbed"
    return Asked(next(_above(turn, path, role, barred), None), why)


def _one_of(turn: Turn, path: str, role: str, free: list[Person], barred: frozenset[str]) -> Person:
    """Of several who may be asked, whoever is on the roster now or has the fewest open matters."""
    if len(free) == 1:
        return free[0]
    found = duties.responsible_for(turn.session, path, role, turn.now, next(iter(barred), None))
    return found if found is not None and found.id in {person.id for person in free} else free[0]


def _above(turn: Turn, path: str, role: str, barred: frozenset[str]) -> Iterator[Person]:
    """Whoever comes next: the role further up, then who leads, nearest first, then who is on duty."""
    for above in duties.up(path)[1:]:
        yield from (each for each in duties.holders(turn.session, above, role, turn.now) if each.id not in barred)
    yield from (each for each in duties.leads(turn.session, path, turn.now) if each.id not in barred)
    for rostered in (role, ""):
        on_duty = duties.on_duty(turn.session, path, turn.now, rostered)
        yield from (each for each in on_duty if each.id not in barred)
