"""The tags in use where a member of staff answers, each with how many tickets have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from handlers import powers
from handlers.turn import Turn
from handlers.views.inbox_reach import of
from models.db import plain
from models.sorting import Tag

MOST: Final = 200  # tags of a page, those of the most tickets first


@dataclass(frozen=True, slots=True)
class Line:
    """One tag: how many tickets that the reader may list have it, and how many of these are open."""

    name: str
    count: int
    still_open: int


@dataclass(frozen=True, slots=True)
class Page:
    """All tags, and whether the reader may let one become another."""

    lines: tuple[Line, ...]
    leads: bool


def page(turn: Turn) -> Page:
    """The tags for the speaker. Refused for whoever is not staff."""
    reach = of(turn)
    values = {"person": turn.person.id if turn.person else "", "now": turn.now}
    every = func.count().label("every")
    # Of few areas their tickets are found first, by an index, and then their tags.
    seen = select(Tag.name, every).where(Tag.ticket_id.in_(reach.past())).group_by(Tag.name)
    going = select(Tag.name, every).where(Tag.ticket_id.in_(reach.live())).group_by(Tag.name)
    counted = plain(turn.session).execute(seen.order_by(every.desc(), Tag.name).limit(MOST), values).all()
    still_open = {row.name: row.every for row in plain(turn.session).execute(going, values)}
    lines = tuple(Line(name, count, still_open.get(name, 0)) for name, count in counted)
    return Page(lines, bool(powers.led(turn)))
