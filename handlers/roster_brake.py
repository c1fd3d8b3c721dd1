"""Stops an import that only a wrong file would ask for: a class without counselor, one counselor for most classes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from handlers.directory import up
from handlers.roster_values import CLASS, COUNSELOR
from models.grid import Duty, Grid
from models.message import Refused
from models.person import Person


def counselors(session: Session, now: datetime) -> dict[str, set[str]]:
    """Who is counselor of which class: row ids by the path of every class that has active people; nearest area wins."""
    session.flush()
    in_force = select(Duty.path, Duty.person_id).join(Person, Person.id == Duty.person_id)
    in_force = in_force.where(Duty.role == COUNSELOR, Person.active, Duty.from_at <= now)
    held: dict[str, set[str]] = {}
    for path, person_id in session.execute(in_force.where(or_(Duty.until_at.is_(None), Duty.until_at > now))):
        held.setdefault(path, set()).add(person_id)
    classes = (
        select(Grid.path).join(Person, Person.academic_path == Grid.path).where(Grid.level == CLASS, Person.active)
    )
    nobody: set[str] = set()
    return {
        path: next((held[area] for area in up(path) if area in held), nobody)
        for path in session.scalars(classes.distinct())
    }


def brake(session: Session, before: dict[str, set[str]], after: dict[str, set[str]]) -> None:
    """Refuse what only a wrong file would do to the classes: a counselor lost, or one person for most of them."""
    lost = [path for path, people in after.items() if not people and before.get(path)]
    if lost:
        name = session.scalars(select(Grid.name).where(Grid.path == min(lost))).one()
        raise Refused("roster.brake_counselor", name=name, count=len(lost))
    half = max(3, len(after) // 2)  # Below four classes one person for all is nothing strange.
    if not any(before.values()):
        return
    for person_id in {person_id for people in after.values() for person_id in people}:
        now_held = sum(person_id in people for people in after.values())
        if now_held > half >= sum(person_id in people for people in before.values()):
            person = session.get_one(Person, person_id)
            raise Refused("roster.brake_one", name=person.name, count=now_held, all=len(after))
