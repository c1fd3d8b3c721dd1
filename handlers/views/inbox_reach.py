"""Which tickets a member of staff may list, and the index by which they are found quickly however many there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select, text, union_all

from handlers import access
from handlers.duties import ANSWERS, TAKES_PART_OF
from handlers.turn import Turn
from models.base import Instant, one_of
from models.db import plain
from models.grid import Duty, Grid
from models.message import Refused
from models.person import Person
from models.ticket import IS_OPEN, Event, Ticket

NARROW: Final = 60  # areas; whoever answers for more finds enough in the order of deadlines itself
# A view with more says so, and costs no more. Whoever has few areas has them looked through anyway, up to the last.
MOST_COUNTED, MOST_COUNTED_WIDE = 999, 99
OPEN_NOW: Final = text(f"ticket.{IS_OPEN}")
BY_PATH: Final = "INDEXED BY ix_ticket_path_owed_at"
BY_DEADLINE: Final = "INDEXED BY ix_ticket_owed_at"
ME: Final[BindParameter[str]] = bindparam("person")
NOW: Final = bindparam("now", type_=Instant())
_BELOW: Final = {
    # SQLite compares bytes and finds the range in the index; PostgreSQL's order depends on its locale.
    "sqlite": and_(Grid.path >= Duty.path, Grid.path < Duty.path + chr(0x10FFFF)),
    "postgresql": func.starts_with(Grid.path, Duty.path),
}
# One's own duties, and those of whoever is away and is stood in for.
_DEPUTED: Final = or_(Duty.person_id == ME, Duty.person_id.in_(TAKES_PART_OF))
_ROSTERED: Final = access.FURTHER.label("rostered")
# Whether anything of another area was handed to this one.
_HANDED: Final = exists().where(Ticket.handed_path == Grid.path).correlate(Grid).label("handed")
_MOST_AREAS: Final = 2 * NARROW + 1  # rows looked at: an area that two duties reach counts twice
_AREAS: Final = {
    name: select(Duty.path.label("duty"), Grid.path, Grid.tree, Duty.leads, Grid.name, Grid.name_en, _ROSTERED, _HANDED)
    .join(Grid, below)
    .where(_DEPUTED, ANSWERS)
    .limit(_MOST_AREAS)
    for name, below in _BELOW.items()
}
_ON_A_ROSTER: Final = select(_ROSTERED)
# Who answers for more than NARROW areas, and until when that is taken as known. It is only a way of asking: what
# somebody may see is asked anew each time.
KNOWN: Final = timedelta(minutes=1)
_WIDE: Final[dict[str, datetime]] = {}
# What the reader was ever given: works on, owns, or was told of.
_EVER_MINE: Final = (
    select(Ticket.id).where(or_(Ticket.assignee_id == ME, Ticket.assignee_id.in_(TAKES_PART_OF))),
    select(Ticket.id).where(or_(Ticket.owner_id == ME, Ticket.owner_id.in_(TAKES_PART_OF)), OPEN_NOW),
    select(Event.ticket_id).where(Event.to_id == ME),
)


@dataclass(frozen=True, slots=True)
class Area:
    """An area to filter by: its path and its name."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a reader may list; its statements need "person" and "now", and may be kept for the next time.

    duties: the paths of the reader's duties. areas: all areas below them, None when they are many. classes: of these,
    whose students are the reader's own. rostered: whether turns on the duty roster, in somebody's place, or the other tree may reach further
    tickets; handed: whether anything was handed to these areas from others. named: the areas with their names, where they are few.
    led: whether a condition finds few tickets by an index of its own, so that no other index is to be walked through.
    """

    duties: tuple[str, ...]
    areas: tuple[str, ...] | None
    classes: tuple[str, ...]
    rostered: bool
    handed: bool = False
    named: tuple[Area, ...] = field(default=(), compare=False)
    led: bool = False

    @property
    def most_counted(self) -> int:
        """How far the views are counted."""
        return MOST_COUNTED_WIDE if self.areas is None else MOST_COUNTED

    @property
    def works(self) -> ColumnElement[bool]:
        """What the reader works on, or somebody whom the reader stands in for."""
        own = Ticket.assignee_id == ME
        return or_(own, Ticket.assignee_id.in_(TAKES_PART_OF)) if self.rostered else own

    @property
    def seen(self) -> ColumnElement[bool]:
        """The condition of access, without which nothing is listed; nobody answers what he asked himself."""
        others = or_(Ticket.requester_id.is_(None), Ticket.requester_id != ME)
        return and_(access.within(self.duties, self.areas, alone=not self.rostered), others)

    def live(self, *conditions: ColumnElement[bool], hint: str = BY_DEADLINE) -> Select[Any]:
        """Ids of open tickets within reach, found by their areas where these are few, else by an index of hint's."""
        found = select(Ticket.id).where(OPEN_NOW, *conditions, self.seen)
        if self.areas is None:
            return found.with_hint(Ticket, hint, "sqlite") if hint and not self.led else found
        if self.rostered or self.handed:
            here = (
                select(Ticket.id).where(OPEN_NOW, one_of(Ticket.path, self.areas)).with_hint(Ticket, BY_PATH, "sqlite")
            )
            return found.where(Ticket.id.in_(union_all(here, *self._elsewhere())))
        return found.where(one_of(Ticket.path, self.areas)).with_hint(Ticket, BY_PATH, "sqlite")

    def past(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Ids of tickets within reach, open or ended."""
        found = select(Ticket.id).where(*conditions, self.seen)
        if self.areas is None:
            return found
        here = one_of(Ticket.path, self.areas)
        elsewhere = self._elsewhere()
        return found.where(or_(here, Ticket.id.in_(union_all(*elsewhere))) if elsewhere else here)

    def newest(self, most: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Ids of the newest tickets within reach, open or ended, the newest first; most: how many, a number or parameter.

        Each of few areas gives its own newest through its index: sorting all that ever stood there grows with the years.
        """
        if not self.areas or self._elsewhere():
            return self.past(*conditions).order_by(Ticket.id.desc()).limit(most)
        of_each = [
            select(Ticket.id).where(Ticket.path == area, *conditions, self.seen).order_by(Ticket.id.desc()).limit(most)
            for area in self.areas
        ]
        found = union_all(*(select(each.subquery().c.id) for each in of_each)).subquery()
        return select(found.c.id).order_by(found.c.id.desc()).limit(most)

    def _elsewhere(self) -> list[Select[Any]]:
        """Ids that may be within reach although they stand in no area of the reader's."""
        handed = [select(Ticket.id).where(one_of(Ticket.handed_path, self.areas or ()))] if self.handed else []
        return [*handed, *(_EVER_MINE if self.rostered else ())]


def of(turn: Turn) -> Reach:
    """What the speaker may list. Refused for whoever is not staff."""
    person = turn.person
    if person is None or person.kind != "staff":
        raise Refused("ticket.not_found")
    link, wide_until = plain(turn.session), _WIDE.get(person.id)
    if wide_until is not None and wide_until - KNOWN <= turn.now < wide_until:
        return _wide(turn, person)
    rows = link.execute(_AREAS[link.dialect.name], {"person": person.id, "now": turn.now}).all()
    paths = tuple(sorted({row.path for row in rows}))
    if not rows or len(rows) == _MOST_AREAS or len(paths) > NARROW:
        if rows:
            _WIDE[person.id] = turn.now + KNOWN
        return _wide(turn, person, areas=None if rows else ())
    own = {row.path for row in rows if not row.leads and row.tree != "office"}
    duties = tuple(sorted({row.duty for row in rows})) if person.active else ()
    english = turn.lang == "en"
    names = {row.path: (row.name_en if english else "") or row.name for row in rows}
    named = tuple(Area(path, names[path]) for path in paths)
    return Reach(duties, paths, tuple(sorted(own)), bool(rows[0].rostered), any(row.handed for row in rows), named)


def _wide(turn: Turn, person: Person, areas: tuple[str, ...] | None = None) -> Reach:
    rostered = plain(turn.session).execute(_ON_A_ROSTER, {"person": person.id, "now": turn.now}).scalar()
    return Reach(access.paths_of(turn.session, person, turn.now), areas, (), bool(rostered))
