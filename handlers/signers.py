"""Of whom a signature is asked: whoever holds the role and is here, else who stands in, else the next one up; and who is
never asked, because a matter is theirs or about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, select

from handlers import complaints, duties, recusals
from handlers.turn import Turn
from models.grid import Duty
from models.item import Item
from models.person import Person
from models.ticket import Approval, Ticket
from models.unit import known

_HELD: Final = (
    select(Duty.id)
    .where(Duty.path.in_(bindparam("paths", expanding=True)), Duty.role == bindparam("role"), duties.IN_FORCE)
    .limit(1)
)


class Asked(NamedTuple):
    """Who is asked, None when nobody is there; and why it is not the holder of the role: "" it is, "stood_in" somebody
    stands in, "climbed" nobody holds it (or all are away), "passed_up" the holder is who the matter is about,
    "second_signer" the holder gives another signature of it."""

    person: Person | None
    why: str = ""


def concerned(turn: Turn, item: Item, requester_id: str | None, answers: dict[str, Any]) -> frozenset[str]:
    """Ids of those who never decide on a matter: whoever asked, the people whom its answers name, and those of whom its
    words complain where the item looks for that (handlers.complaints). Of answers that are not handed in yet."""
    hear = complaints.ABOUT in answers or complaints.heard(turn, item, answers)
    person = turn.session.get(Person, requester_id) if requester_id and hear else None
    return _named(turn, item, requester_id, answers) | complaints.read(turn, item, person, answers).sure


def concerned_by(turn: Turn, item: Item, ticket: Ticket) -> frozenset[str]:
    """As `concerned`, of a ticket: what its words said stands written since it was opened (models.recusal), with whom
    staff have kept out since."""
    return _named(turn, item, ticket.requester_id, ticket.answers) | recusals.of(turn, ticket)


def _named(turn: Turn, item: Item, requester_id: str | None, answers: dict[str, Any]) -> frozenset[str]:
    found = {requester_id} if requester_id else set()
    numbers = {
        str(number) for field in item.fields if field.kind == "people" for number in answers.get(field.key) or ()
    }
    if numbers:
        found |= set(turn.session.execute(select(Person.id).where(Person.number.in_(numbers))).scalars())
    return frozenset(found)


# -- where a signature is looked for


def area(turn: Turn, item: Item, ticket: Ticket, line: Approval) -> str:
    """The area for which a ticket's signature is given (`place`)."""
    tree = item.approval[line.place].tree if line.place < len(item.approval) else ""
    person = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    return place(turn, ticket.path, line.role, tree, person)


def place(turn: Turn, path: str, role: str, tree: str, person: Person | None) -> str:
    """For which area a signature in a role is given: of the tree that the signature names, where the student stands there.

    Where it names none: where the matter stands (path), or if nobody has the role there or above, where the student
    stands in the other tree, if somebody has it there: a keeper's duties lie in the dormitories.
    """
    if person is None:
        return path
    if tree:
        return person.path(tree) or path
    if duties.holding(turn.session, path, role, turn.now):
        return path  # As nearly always; and whoever is asked then is known already.
    for each in (path, person.academic_path, person.residential_path):
        if each and _is_held(turn, each, role):
            return each
    return path


def _is_held(turn: Turn, path: str, role: str) -> bool:
    """Whether anybody has a role for an area or above it now, be they here or away."""
    read = known(turn.session, "roles_held")
    key = (path, role, turn.now)
    if key not in read:
        values = {"paths": duties.up(path), "role": role, "now": turn.now}
        read[key] = turn.session.execute(_HELD, values).first() is not None
    return bool(read[key])


# -- who is asked


def ask(turn: Turn, path: str, role: str, barred: frozenset[str], signed: frozenset[str] = frozenset()) -> Asked:
    """Of whom a signature in a role for an area is asked now. barred: who may not be asked (`concerned`), nor acts through
    somebody who stands in for them; signed: who gives another signature of the matter, and is not asked for two."""
    every = duties.holding(turn.session, path, role, turn.now)
    near = every
    if any(person.id in barred or stood_in for person, stood_in in every):
        there = {person.id for person, _ in every}
        near = [each for each in duties.holding(turn.session, path, role, turn.now, barred) if each[0].id in there]
    free = {person.id: person for person, _ in near if person.id not in signed}
    if free:
        person = _one_of(turn, path, role, list(free.values()), barred)
        return Asked(person, "stood_in" if (person, True) in near else "")
    why = "second_signer" if near else "passed_up" if every else "climbed"
    return Asked(next(_above(turn, path, role, barred, signed), None), why)


def _one_of(turn: Turn, path: str, role: str, free: list[Person], barred: frozenset[str]) -> Person:
    """Of several who may be asked, whoever is on the roster now or has the fewest open matters."""
    if len(free) == 1:
        return free[0]
    found = duties.responsible_for(turn.session, path, role, turn.now, next(iter(barred), None))
    return found if found is not None and found.id in {person.id for person in free} else free[0]


def _above(
    turn: Turn, path: str, role: str, barred: frozenset[str], signed: frozenset[str]
) -> Iterator[Person]:  # fmt: skip
    """Whoever comes next: the role further up, then who leads, nearest first, then who is on duty."""
    session, now = turn.session, turn.now
    ways = [duties.holders(session, above, role, now, barred) for above in duties.up(path)[1:]]
    ways += [duties.leads(session, path, now, barred)]
    ways += [duties.on_duty(session, path, now, rostered, barred) for rostered in (role, "")]
    for people in ways:
        yield from (each for each in people if each.id not in signed)
