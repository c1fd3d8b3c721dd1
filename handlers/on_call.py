"""Who is on duty now as people ask for it, who is next, and the telephone that whoever is on duty answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from handlers.duties import IS_AWAY, stand_ins, up
from models.base import Instant
from models.grid import Grid, Shift
from models.person import Person

_NOW = bindparam("now", type_=Instant())
_PATHS: BindParameter[list[str]] = bindparam("paths", expanding=True)
_NEXT = (
    select(Person, Shift)
    .join(Shift, Shift.person_id == Person.id)
    .where(Shift.path.in_(_PATHS), Shift.starts_at > _NOW, Person.active)
    .order_by(Shift.starts_at, func.length(Shift.path).desc())
    .limit(1)
)
_PHONE = (
    select(Grid.phone).where(Grid.path.in_(_PATHS), Grid.phone != "").order_by(func.length(Grid.path).desc()).limit(1)
)


def next_watch(session: Session, path: str, now: datetime) -> tuple[Person, Shift] | None:
    """Who is on duty next, and in which shift."""
    row = session.execute(_NEXT, {"paths": up(path), "now": now}).first()
    return None if row is None else (row[0], row[1])


def duty_line(session: Session, path: str) -> str:
    """The telephone that whoever is on duty answers, of the nearest area that has one; "" for none."""
    return session.execute(_PHONE, {"paths": up(path)}).scalar() or ""


_WATCH = (
    select(Person, Shift, IS_AWAY)
    .join(Shift, Shift.person_id == Person.id)
    .where(Shift.path.in_(_PATHS), Shift.starts_at <= _NOW, Shift.ends_at > _NOW, Person.active)
    .order_by(func.length(Shift.path).desc(), Shift.role, Shift.starts_at, Person.number)
)


def watch(session: Session, path: str, now: datetime) -> list[tuple[Person, Shift]]:
    """Who is on duty now for the nearest area that has a roster, and the shift of each; whoever stands in for who is away.

    Students of the duty team stand here as well; they are told of no tickets.
    """
    rows = session.execute(_WATCH, {"paths": up(path), "now": now}).all()
    others = stand_ins(session, [person.id for person, _, is_gone in rows if is_gone], now)
    found = [(others.get(person.id) if is_gone else person, shift) for person, shift, is_gone in rows]
    here = [(person, shift) for person, shift in found if person is not None]
    return [row for row in here if row[1].path == here[0][1].path]
