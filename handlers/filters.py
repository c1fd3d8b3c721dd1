"""Filters of the inbox that somebody keeps under a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, func, select

from handlers.turn import Turn
from models.base import new_id
from models.db import plain
from models.desk import SavedFilter
from models.message import Refused

MOST: Final = 30
MOST_NAME: Final = 40
_KEPT: Final = (
    select(SavedFilter.id, SavedFilter.name, SavedFilter.query)
    .where(SavedFilter.person_id == bindparam("person"))
    .order_by(SavedFilter.name)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept filter: its id, its name, and the query of its address."""

    id: str
    name: str
    query: str


def kept(turn: Turn) -> tuple[Kept, ...]:
    """The speaker's filters by name."""
    if turn.person is None:
        return ()
    return tuple(Kept(*row) for row in plain(turn.session).execute(_KEPT, {"person": turn.person.id}))


def keep(turn: Turn, name: str, query: str) -> None:
    """Keep a filter under a name; the same name again replaces it. Refused without a name, and beyond MOST."""
    name = " ".join(word for word in name.split() if word.isprintable())[:MOST_NAME]
    if turn.person is None or not name or len(query) > 500:
        raise Refused("inbox.no_name")
    mine = SavedFilter.person_id == turn.person.id
    turn.session.execute(delete(SavedFilter).where(mine, SavedFilter.name == name))
    if turn.session.execute(select(func.count()).where(mine)).scalar_one() >= MOST:
        raise Refused("inbox.too_many_filters", most=MOST)
    turn.session.add(SavedFilter(id=new_id(turn.now), person_id=turn.person.id, name=name, query=query, at=turn.now))
    turn.session.flush()


def drop(turn: Turn, filter_id: str) -> None:
    """Let one of the speaker's filters go; Refused for what is none of his."""
    person_id = turn.person.id if turn.person else ""
    mine = delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.person_id == person_id)
    if turn.session.execute(mine.returning(SavedFilter.id)).first() is None:
        raise Refused("ticket.not_found")
