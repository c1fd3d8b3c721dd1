"""What somebody keeps beside the inbox: filters under a name, and reminders of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import BindParameter, ColumnClause, bindparam, literal_column, select, union_all

from handlers import own_reminders
from handlers.filters import Kept
from handlers.own_reminders import Mine
from handlers.turn import Turn
from models.db import plain
from models.desk import SavedFilter
from models.sorting import OwnReminder

_ME: BindParameter[str] = bindparam("person")
_NOTHING: ColumnClause[str] = literal_column("''")
_ANY: Final = select(OwnReminder.id).where(OwnReminder.person_id == _ME).limit(1).subquery()
# Most have no reminder, and hear so with their filters: to read reminders asks access about each of their tickets.
_SIDE: Final = union_all(
    select(SavedFilter.id.label("id"), SavedFilter.name.label("name"), SavedFilter.query.label("query")).where(
        SavedFilter.person_id == _ME
    ),
    select(_ANY.c.id, _NOTHING, _NOTHING),
)


@dataclass(frozen=True, slots=True)
class Side:
    """kept: the reader's filters by name. reminders: of open tickets within reach, the nearest first."""

    kept: tuple[Kept, ...]
    reminders: tuple[Mine, ...]


def of(turn: Turn) -> Side:
    """What stands beside the inbox for the speaker."""
    rows = plain(turn.session).execute(_SIDE, {"person": turn.person.id if turn.person else ""}).all()
    kept = tuple(sorted((Kept(row.id, row.name, row.query) for row in rows if row.name), key=lambda each: each.name))
    return Side(kept, own_reminders.mine(turn) if any(not row.name for row in rows) else ())
