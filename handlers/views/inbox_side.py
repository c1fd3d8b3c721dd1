"""What somebody keeps beside the inbox: filters under a name, and reminders of one's own; in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import BindParameter, bindparam, cast, literal, null, select, union_all

from handlers import wording
from handlers.filters import Kept
from handlers.own_reminders import MINE, Mine
from handlers.turn import Turn
from models.base import Instant
from models.db import plain
from models.desk import SavedFilter

_ME: BindParameter[str] = bindparam("person")
_REMINDERS: Final = MINE.subquery()
_SIDE: Final = union_all(
    select(
        literal("filter").label("what"), SavedFilter.id.label("id"), SavedFilter.name.label("name"),
        SavedFilter.query.label("query"), literal("").label("version"), cast(null(), Instant()).label("at"),
    ).where(SavedFilter.person_id == _ME),
    select(
        literal("reminder"), _REMINDERS.c.ticket_id, _REMINDERS.c.number, _REMINDERS.c.service, _REMINDERS.c.version,
        _REMINDERS.c.remind_at,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """kept: the reader's filters by name. reminders: of open tickets within reach, the nearest first."""

    kept: tuple[Kept, ...]
    reminders: tuple[Mine, ...]


def of(turn: Turn) -> Side:
    """What stands beside the inbox for the speaker."""
    me = turn.person.id if turn.person else ""
    rows = plain(turn.session).execute(_SIDE, {"person": me, "now": turn.now}).all()
    kept = sorted(
        (Kept(row.id, row.name, row.query) for row in rows if row.what == "filter"), key=lambda each: each.name
    )
    dated = sorted((row for row in rows if row.what == "reminder"), key=lambda row: row.at)
    catalogue = turn.school.catalogue
    return Side(
        tuple(kept),
        tuple(
            Mine(row.id, row.name, catalogue.item(turn.session, row.query, row.version).title.to(turn.lang),
                 wording.soon(row.at, turn.now, turn.lang, turn.school.zone))
            for row in dated
        ),
    )  # fmt: skip
