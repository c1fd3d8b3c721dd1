"""Counts how often somebody tries to sign in, by number, by address and by second factor, and makes them wait."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.credential import Attempt
from models.db import seal_of

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)  # never for good: whoever types wrong passwords must not lock others out
FORGOTTEN: Final = timedelta(hours=1)
# How many tries are free. A dormitory or an office shares one address, so an address has more.
FREE: Final = {"number": 5, "second": 5, "address": 60}


def knock(session: Session, kind: str, value: str, now: datetime) -> int:
    """Count one try before it is made; answers with how many seconds to wait, 0 when it may be made.

    Counted first, so that tries made at once cannot slip past; and by the words that were typed, whether there is such
    a number or not, so that the answer tells nothing. The wait doubles with each try from FIRST_WAIT to LONGEST_WAIT.
    """
    row_id = _id(session, kind, value)
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = make(Attempt).values(id=row_id, count=0, until_at=now, forget_at=now + FORGOTTEN)
    session.execute(new.on_conflict_do_nothing(index_elements=["id"]))
    row = session.get_one(Attempt, row_id, with_for_update=True, populate_existing=True)
    if row.until_at > now:
        return max(1, math.ceil((row.until_at - now).total_seconds()))
    if row.forget_at <= now:
        row.count = 0
    row.count += 1
    over = row.count - FREE[kind]
    if over >= 0:
        row.until_at = now + min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT)
    row.forget_at = now + FORGOTTEN
    session.flush()
    return 0


def forgive(session: Session, kind: str, value: str) -> None:
    """Forget the tries, because one was right."""
    session.execute(delete(Attempt).where(Attempt.id == _id(session, kind, value)))


def _id(session: Session, kind: str, value: str) -> str:
    return seal_of(session).index(f"attempt.{kind}", value)
