"""Who may arrange the work of others: administrators, and whoever leads an area, for what lies in it and below."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select

from handlers import directory
from handlers.duties import TAKES_PART_OF, up
from handlers.seats import ADMINISTRATOR
from handlers.turn import Turn
from models.grid import Duty
from models.person import Person

AFTERWARDS: Final = timedelta(days=7)


def is_administrator(turn: Turn) -> bool:
    """Whether the speaker is an administrator now."""
    return _has(turn, Duty.role == ADMINISTRATOR, Duty.person_id == _me(turn))


def parts(turn: Turn) -> frozenset[str]:
    """The ids of the people whose part the speaker has now: the own, and of those for whom the speaker stands in."""
    me = _me(turn)
    return frozenset({me}) | directory.takes_part_of(turn.session, me, turn.now) if me else frozenset()


def leads_area(turn: Turn, path: str) -> bool:
    """Whether the speaker may arrange an area: leads it or one above, stands in for who does, or is an administrator."""
    mine = or_(Duty.person_id == _me(turn), Duty.person_id.in_(TAKES_PART_OF))
    return is_administrator(turn) or _has(turn, mine, Duty.leads.is_(True), Duty.path.in_(up(path)))


def leads_person(turn: Turn, person: Person) -> bool:
    """Whether the speaker may arrange somebody's work: leads an area where the person has a duty or belongs; nobody
    leads himself."""
    if person.id == _me(turn):
        return False
    return any(leads_area(turn, path) for path in _places(turn, person)) or is_administrator(turn)


def leads_of(turn: Turn, person: Person) -> list[Person]:
    """Who leads somebody, nearest first; never the person itself."""
    found: list[Person] = []
    for path in _places(turn, person):
        found += [lead for lead in directory.leads(turn.session, path, turn.now) if lead not in found]
    return [lead for lead in found if lead.id != person.id]


def led(turn: Turn) -> tuple[str, ...]:
    """The paths that the speaker may arrange: everything below each; the school's own for an administrator."""
    if is_administrator(turn):
        return (directory.root_path(turn.session),)
    mine = or_(Duty.person_id == _me(turn), Duty.person_id.in_(TAKES_PART_OF))
    found = select(Duty.path).where(mine, Duty.leads, *_in_force(turn)).distinct()
    return tuple(sorted(turn.session.execute(found, {"person": _me(turn), "now": turn.now}).scalars()))


def _places(turn: Turn, person: Person) -> list[str]:
    """Where somebody's duties are, or were a few days ago, the nearest to the ground first, and where the person belongs.

    Otherwise nobody could finish or undo a handing over, by which the duties end.
    """
    held = select(Duty.path).where(
        Duty.person_id == person.id, Duty.from_at <= turn.now,
        or_(Duty.until_at.is_(None), Duty.until_at > turn.now - AFTERWARDS),
    ).distinct()  # fmt: skip
    found = sorted(turn.session.execute(held).scalars(), key=lambda path: (-path.count("/"), path))
    return [*found, *([person.academic_path] if person.academic_path else [])]


def _me(turn: Turn) -> str:
    return turn.person.id if turn.person is not None and turn.person.kind == "staff" and turn.person.active else ""


def _in_force(turn: Turn) -> tuple[ColumnElement[bool], ...]:
    return (Duty.from_at <= turn.now, or_(Duty.until_at.is_(None), Duty.until_at > turn.now))


def _has(turn: Turn, *conditions: ColumnElement[bool]) -> bool:
    statement = select(exists().where(*conditions, *_in_force(turn)))
    return bool(turn.session.execute(statement, {"person": _me(turn), "now": turn.now}).scalar())
