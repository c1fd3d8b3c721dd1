"""Shifts of a college's duty roster, put in for tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.base import new_id
from models.grid import Shift
from tests.builders import START, person_of

COLLEGE = "/sl/cs/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def put(
    session: Session, name: str, start: datetime, hours: float = 12, path: str = COLLEGE, role: str = "duty"
) -> Shift:
    shift = Shift(id=new_id(START), person_id=person_of(session, name).id, path=path, role=role, starts_at=start,
                  ends_at=start + timedelta(hours=hours))  # fmt: skip
    session.add(shift)
    session.flush()
    return shift


def turns(session: Session, days: int = 10, names: tuple[str, ...] = ("韩老师", "方老师")) -> list[Shift]:
    """Days and nights of the college from this morning on, by turns."""
    session.execute(delete(Shift))
    return [put(session, names[each % 2], START - HOUR + each * timedelta(hours=12)) for each in range(2 * days)]
