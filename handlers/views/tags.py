"""The tags in use where a member of staff answers, each with how many tickets have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from handlers import powers
from handlers.turn import Turn
from handlers.views.inbox_reach import OPEN_NOW, of
from models.db import plain
from models.sorting import Tag
from models.ticket import Ticket

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
    seen = select(Tag.name, every).join(Ticket, Ticket.id == Tag.ticket_id).where(reach.seen).group_by(Tag.name)
    counted = plain(turn.session).execute(seen.order_by(every.desc(), Tag.name).limit(MOST), values).all()
    going = plain(turn.session).execute(seen.where(OPEN_NOW), values).all()
    still_open = {row.name: row.every for row in going}
    lines = tuple(Line(name, count, still_open.get(name, 0)) for name, count in counted)
    return Page(lines, bool(powers.led(turn)))
