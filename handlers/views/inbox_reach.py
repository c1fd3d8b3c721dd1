"""Which tickets a member of staff may list, and the index by which they are found quickly however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, text, union_all

from handlers import access
from handlers.turn import Turn
from models.base import Instant
from models.db import plain
from models.grid import Duty, Grid, Shift
from models.message import Refused
from models.ticket import IS_OPEN, Event, Ticket

NARROW: Final = 60  # areas; whoever answers for more finds enough in the order of deadlines itself
OPEN_NOW: Final = text(f"ticket.{IS_OPEN}")
BY_PATH: Final = "INDEXED BY ix_ticket_path_owed_at"
BY_DEADLINE: Final = "INDEXED BY ix_ticket_owed_at"
_NOW = bindparam("now", type_=Instant())
_IN_FORCE = and_(Duty.from_at <= _NOW, or_(Duty.until_at.is_(None), Duty.until_at > _NOW))
_BELOW: Final = {
    # SQLite compares bytes and finds the range in the index; PostgreSQL's order depends on its locale.
    "sqlite": and_(Grid.path >= Duty.path, Grid.path < Duty.path + chr(0x10FFFF)),
    "postgresql": func.starts_with(Grid.path, Duty.path),
}
_AREAS: Final = {
    name: select(Grid.path, Grid.tree, Duty.leads)
    .join(Grid, below)
    .where(Duty.person_id == bindparam("person"), _IN_FORCE)
    .limit(4 * NARROW)
    for name, below in _BELOW.items()
}
_ROSTERED: Final = select(exists().where(Shift.person_id == bindparam("person")))


@dataclass(frozen=True, slots=True)
class Reach:
    """What a reader may list. seen: the condition of access; nothing is listed without it.

    areas: all areas that the reader's duties reach, None when they are many. classes: of these, whose students are the
    reader's own. rostered: whether turns on the duty roster may reach further tickets.
    """

    person_id: str
    now: datetime
    seen: ColumnElement[bool]
    areas: tuple[str, ...] | None
    classes: tuple[str, ...]
    rostered: bool

    def live(self, *conditions: ColumnElement[bool], hint: str = BY_DEADLINE) -> Select[Any]:
        """Ids of open tickets within reach, found by their areas where these are few, else by an index of hint's."""
        found = select(Ticket.id).where(OPEN_NOW, *conditions, self.seen)
        if self.areas is None:
            return found.with_hint(Ticket, hint, "sqlite") if hint else found
        if self.rostered:
            return found.where(Ticket.id.in_(self._given()))
        return found.where(Ticket.path.in_(self.areas)).with_hint(Ticket, BY_PATH, "sqlite")

    def past(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Ids of tickets within reach, open or ended."""
        found = select(Ticket.id).where(*conditions, self.seen)
        if self.areas is None:
            return found
        here = Ticket.path.in_(self.areas)
        return found.where(or_(here, Ticket.id.in_(self._mine())) if self.rostered else here)

    def _mine(self) -> Any:
        """What the reader was ever given: works on, owns, or was told of."""
        return union_all(
            select(Ticket.id).where(Ticket.assignee_id == self.person_id),
            select(Ticket.id).where(Ticket.owner_id == self.person_id, OPEN_NOW),
            select(Event.ticket_id).where(Event.to_id == self.person_id),
        )

    def _given(self) -> Any:
        here = select(Ticket.id).where(OPEN_NOW, Ticket.path.in_(self.areas or ()))
        return union_all(here, *self._mine().selects)


def of(turn: Turn) -> Reach:
    """What the speaker may list. Refused for whoever is not staff."""
    person = turn.person
    if person is None or person.kind != "staff":
        raise Refused("ticket.not_found")
    link = plain(turn.session)
    values = {"person": person.id, "now": turn.now}
    rows = link.execute(_AREAS[link.dialect.name], values).all()
    paths = tuple(dict.fromkeys(row.path for row in rows))
    is_narrow = len(rows) < 4 * NARROW and len(paths) <= NARROW
    own = dict.fromkeys(row.path for row in rows if not row.leads and row.tree != "office")
    return Reach(
        person_id=person.id,
        now=turn.now,
        # Nobody answers what he asked himself.
        seen=and_(
            access.visible(turn.session, person, turn.now),
            or_(Ticket.requester_id.is_(None), Ticket.requester_id != person.id),
        ),
        areas=paths if is_narrow else None,
        classes=tuple(own) if is_narrow else (),
        rostered=bool(link.execute(_ROSTERED, {"person": person.id}).scalar()),
    )
