"""For whom somebody acted: who was away just then and held the part that was played, and was stood in for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BindParameter, and_, bindparam, func, select
from sqlalchemy.orm import Session

from handlers.duties import ABSENCES, IN_FORCE, depending, up
from models.absence import Absence
from models.base import Instant
from models.db import plain
from models.grid import Duty
from models.person import Person

_NOW = bindparam("now", type_=Instant())
_PATHS: BindParameter[list[str]] = bindparam("paths", expanding=True)
_ME: BindParameter[str] = bindparam("person")
_AWAY_NOW = and_(Absence.from_at <= _NOW, Absence.until_at > _NOW)
_ACTED_FOR = (
    select(Person, Duty.role)
    .join(Absence, Absence.person_id == Person.id)
    .join(Duty, Duty.person_id == Person.id)
    .where(Absence.stand_in_id == _ME, _AWAY_NOW, Duty.path.in_(_PATHS), IN_FORCE)
    .order_by(func.length(Duty.path).desc())
)
_EVER_STOOD_IN = select(Absence.id).where(Absence.stand_in_id == _ME).limit(1)
_OWN_ROLES = select(Duty.role).where(Duty.person_id == _ME, Duty.path.in_(_PATHS), IN_FORCE)


def acted_for(session: Session, person_id: str, path: str, at: datetime, role: str = "") -> Person | None:
    """For whom somebody acted in an area at an instant: who was away and held a role there (this one, where it is said)
    that the other did not hold himself; None where it was his own part."""
    looked = depending(session, ABSENCES)
    if person_id not in looked:
        looked[person_id] = plain(session).execute(_EVER_STOOD_IN, {"person": person_id}).first() is not None
    if not looked[person_id]:
        return None
    values = {"person": person_id, "paths": up(path), "now": at}
    absent = session.execute(_ACTED_FOR, values).all()
    if not absent:
        return None
    own = set(session.execute(_OWN_ROLES, values).scalars())
    return next((row[0] for row in absent if row[1] not in own and (not role or row[1] == role)), None)
