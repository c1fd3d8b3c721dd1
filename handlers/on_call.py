"""Who is on duty next, and the telephone that whoever is on duty answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from handlers.duties import up
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
