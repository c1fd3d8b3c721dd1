"""Who may see and answer what: access as conditions of queries, by the duties that are in force now."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from handlers.directory import up
from models.base import Instant
from models.db import plain
from models.grid import Duty, Shift
from models.person import Person
from models.ticket import Event, Ticket

_NOW = bindparam("now", type_=Instant())
_IN_FORCE = and_(Duty.from_at <= _NOW, or_(Duty.until_at.is_(None), Duty.until_at > _NOW))
# The same condition as `visible` without a look at the reader's duties first; for one ticket or few, since it cannot
# use the index on paths. Needs "person" and "now".
_ME: BindParameter[str] = bindparam("person")
_GIVEN = or_(
    Ticket.assignee_id == _ME,
    Ticket.owner_id == _ME,
    # Two levels deep a subquery would bring a table of tickets of its own: told of any one would be told of all.
    exists().where(Event.ticket_id == Ticket.id, Event.to_id == _ME).correlate(Ticket),
)
# Whether somebody is on the duty roster over a ticket's area now, or was when it was opened.
_ROSTERED = exists().where(
    Shift.person_id == _ME,
    func.substr(Ticket.path, 1, func.length(Shift.path)) == Shift.path,
    or_(
        and_(Shift.starts_at <= _NOW, Shift.ends_at > _NOW),
        and_(Shift.starts_at <= Ticket.opened_at, Shift.ends_at > Ticket.opened_at),
    ),
)
REACHED = or_(
    exists().where(
        Duty.person_id == _ME,
        _IN_FORCE,
        func.substr(Ticket.path, 1, func.length(Duty.path)) == Duty.path,
        or_(Ticket.private.is_(False), Ticket.path == Duty.path, _GIVEN),
    ),
    and_(_GIVEN, _ROSTERED),
)
_MAY_ACT = select(Ticket.id).where(Ticket.id == bindparam("ticket"), REACHED)
_PATHS_OF = select(Duty.path).where(Duty.person_id == bindparam("person"), _IN_FORCE).distinct()


def reaches(session: Session, staff: Person, student: Person, now: datetime) -> bool:
    """Whether a member of staff has a duty now for an area that a student stands in, in either tree."""
    if staff.kind != "staff" or not staff.active or student.kind != "student" or not student.active:
        return False
    paths = [each for path in (student.academic_path, student.residential_path) if path for each in up(path)]
    statement = select(exists().where(Duty.person_id == staff.id, Duty.path.in_(paths), _IN_FORCE))
    return bool(session.execute(statement, {"now": now}).scalar())


def may_act(session: Session, person: Person, ticket: Ticket, now: datetime) -> bool:
    """Whether a member of staff may answer a ticket: it is theirs, or their duties reach it. Never one's own."""
    if person.kind != "staff" or not person.active or ticket.requester_id == person.id:
        return False
    return plain(session).execute(_MAY_ACT, {"ticket": ticket.id, "person": person.id, "now": now}).first() is not None


def visible(session: Session, reader: Person | None, now: datetime) -> ColumnElement[bool]:
    """The condition by which a reader sees tickets; every reading of tickets goes through it.

    A student sees what he asked for. Staff see what lies below an area that they have a duty for; a private ticket
    only with a duty for its own area, or if they work on it, own it or were told of it. To have been given a ticket
    is no lasting right: whoever was moved to another area, or whose duty ended, sees it no more (ASVS 5.0 8.2.2). It
    holds for as long as a duty reaches the area, or a turn on the roster did when the ticket was opened or does now.
    """
    if reader is None or not reader.active:
        return Ticket.id.is_(None)
    own = Ticket.requester_id == reader.id
    if reader.kind != "staff":
        return own
    told = exists().where(Event.ticket_id == Ticket.id, Event.to_id == reader.id)
    given = or_(Ticket.assignee_id == reader.id, Ticket.owner_id == reader.id, told)
    reach: list[ColumnElement[bool]] = []
    for path in paths_of(session, reader, now):
        below = Ticket.path.startswith(path, autoescape=True)
        reach.append(and_(below, or_(Ticket.private.is_(False), Ticket.path == path, given)))
    # What most tickets fulfil stands first: the rest, which asks other tables, is then not looked at.
    return or_(*reach, own, and_(given, _rostered(reader.id, now)))


def _rostered(person_id: str, now: datetime) -> ColumnElement[bool]:
    """Whether somebody is on the duty roster over a ticket's area now, or was when it was opened."""
    return exists().where(
        Shift.person_id == person_id,
        func.substr(Ticket.path, 1, func.length(Shift.path)) == Shift.path,
        or_(
            and_(Shift.starts_at <= now, Shift.ends_at > now),
            and_(Shift.starts_at <= Ticket.opened_at, Shift.ends_at > Ticket.opened_at),
        ),
    )


@lru_cache(maxsize=512)
def within(paths: tuple[str, ...]) -> ColumnElement[bool]:
    """The condition of `visible` for staff with duties for these paths, for statements that are built once and kept.

    Needs "person" and "now".
    """
    reach = [
        and_(
            Ticket.path.startswith(path, autoescape=True),
            or_(Ticket.private.is_(False), Ticket.path == path, _GIVEN),
        )
        for path in paths
    ]
    return or_(*reach, Ticket.requester_id == _ME, and_(_GIVEN, _ROSTERED))


def paths_of(session: Session, reader: Person, now: datetime) -> tuple[str, ...]:
    """The areas that somebody has a duty for now, in order."""
    found = plain(session).execute(_PATHS_OF, {"person": reader.id, "now": now}).scalars()
    return tuple(sorted(found)) if reader.active and reader.kind == "staff" else ()
