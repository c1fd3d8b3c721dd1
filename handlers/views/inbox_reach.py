"""Which tickets a member of staff may list, and the index by which they are found quickly however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select, text, union_all

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
ME: Final[BindParameter[str]] = bindparam("person")
NOW: Final = bindparam("now", type_=Instant())
_IN_FORCE = and_(Duty.from_at <= NOW, or_(Duty.until_at.is_(None), Duty.until_at > NOW))
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
# What the reader was ever given: works on, owns, or was told of.
_EVER_MINE: Final = (
    select(Ticket.id).where(Ticket.assignee_id == ME),
    select(Ticket.id).where(Ticket.owner_id == ME, OPEN_NOW),
    select(Event.ticket_id).where(Event.to_id == ME),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a reader may list; its statements need "person" and "now", and may be kept for the next time.

    duties: the paths of the reader's duties. areas: all areas below them, None when they are many. classes: of these,
    whose students are the reader's own. rostered: whether turns on the duty roster may reach further tickets.
    """

    duties: tuple[str, ...]
    areas: tuple[str, ...] | None
    classes: tuple[str, ...]
    rostered: bool

    @property
    def seen(self) -> ColumnElement[bool]:
        """The condition of access, without which nothing is listed; nobody answers what he asked himself."""
        others = or_(Ticket.requester_id.is_(None), Ticket.requester_id != ME)
        return and_(access.within(self.duties), others)

    def live(self, *conditions: ColumnElement[bool], hint: str = BY_DEADLINE) -> Select[Any]:
        """Ids of open tickets within reach, found by their areas where these are few, else by an index of hint's."""
        found = select(Ticket.id).where(OPEN_NOW, *conditions, self.seen)
        if self.areas is None:
            return found.with_hint(Ticket, hint, "sqlite") if hint else found
        if self.rostered:
            return found.where(
                Ticket.id.in_(union_all(select(Ticket.id).where(OPEN_NOW, Ticket.path.in_(self.areas)), *_EVER_MINE))
            )
        return found.where(Ticket.path.in_(self.areas)).with_hint(Ticket, BY_PATH, "sqlite")

    def past(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Ids of tickets within reach, open or ended."""
        found = select(Ticket.id).where(*conditions, self.seen)
        if self.areas is None:
            return found
        here = Ticket.path.in_(self.areas)
        return found.where(or_(here, Ticket.id.in_(union_all(*_EVER_MINE))) if self.rostered else here)


def of(turn: Turn) -> Reach:
    """What the speaker may list. Refused for whoever is not staff."""
    person = turn.person
    if person is None or person.kind != "staff":
        raise Refused("ticket.not_found")
    link = plain(turn.session)
    rows = link.execute(_AREAS[link.dialect.name], {"person": person.id, "now": turn.now}).all()
    paths = tuple(sorted({row.path for row in rows}))
    is_narrow = len(rows) < 4 * NARROW and len(paths) <= NARROW
    own = {row.path for row in rows if not row.leads and row.tree != "office"}
    return Reach(
        duties=access.paths_of(turn.session, person, turn.now),
        areas=paths if is_narrow else None,
        classes=tuple(sorted(own)) if is_narrow else (),
        rostered=bool(link.execute(_ROSTERED, {"person": person.id}).scalar()),
    )
