"""Whom a newcomer may be in the demo: a few invented students, and the staff who answer for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from handlers import directory
from models.grid import Duty, Grid
from models.person import Person

MOST = 6  # of a kind: a list to choose from, not a register


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One person to be: row id, name, and where that person stands or what for."""

    id: str
    name: str
    place: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Doors:
    """The two doors of the demo."""

    students: tuple[DoorRow, ...]
    staff: tuple[DoorRow, ...]


def doors(session: Session, lang: str, now: datetime) -> Doors:
    """The people of the demo, by number; staff with the first duty that is in force."""
    students = session.execute(
        select(Person).where(Person.kind == "student", Person.active).order_by(Person.number).limit(MOST)
    ).scalars()
    in_force = and_(Duty.from_at <= now, or_(Duty.until_at.is_(None), Duty.until_at > now))
    duties = session.execute(
        select(Person, Duty.role, Grid.name, Grid.name_en)
        .join(Duty, Duty.person_id == Person.id)
        .join(Grid, Grid.path == Duty.path)
        .where(Person.kind == "staff", Person.active, in_force)
        .order_by(Person.number, Duty.from_at, Duty.id)
    )
    staff: dict[str, DoorRow] = {}
    for person, role, name, name_en in duties:
        place = (name_en or name) if lang == "en" else name
        staff.setdefault(person.id, DoorRow(person.id, directory.name_of(person, lang), place, role))
    # Counselors first: theirs is the side that a newcomer asks for.
    shown = sorted(staff.values(), key=lambda row: row.role != "counselor")
    return Doors(
        tuple(
            DoorRow(
                person.id, directory.name_of(person, lang), directory.grid_name(session, person.academic_path, lang)
            )
            for person in students
        ),
        tuple(shown[:MOST]),
    )
