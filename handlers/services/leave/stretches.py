"""The stretches of the rules of leave as lengths from an instant: by the wall clock ("3d"), or in working time ("3d work")."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from handlers.turn import Turn
from models import worktime
from models.leave_rules import Evidence, limit


def from_(turn: Turn, words: str, at: datetime) -> timedelta:
    """How long a stretch lasts that begins at an instant; a working day is 8 hours of the school's office hours."""
    found = limit(words)
    if found.clock != "work":
        return timedelta(seconds=found.seconds)
    return worktime.add(turn.school.clock.calendar, at, found.seconds) - at


def shown_by(turn: Turn, rows: Iterable[Evidence], span: tuple[datetime, datetime]) -> datetime:
    """Until when all of this is to be shown: counted from the beginning or the end of a leave, and never from before now."""
    found = []
    for each in rows:
        since = max(span[0], turn.now) if each.after == "begin" else span[1]
        found.append(since + from_(turn, each.within, since))
    return max(found)


def until(turn: Turn, words: str, at: datetime) -> timedelta:
    """How long a stretch lasts that ends at an instant."""
    found = limit(words)
    if found.clock != "work":
        return timedelta(seconds=found.seconds)
    return at - worktime.subtract(turn.school.clock.calendar, at, found.seconds)
