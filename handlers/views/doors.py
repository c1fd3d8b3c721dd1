"""Whom a newcomer may be in the demo: the row ids of a few invented people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.person import Person


def ids(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    """Row id by number, of the people who are there and active."""
    found = session.execute(select(Person.number, Person.id).where(Person.number.in_(numbers), Person.active))
    return {row.number: row.id for row in found}
