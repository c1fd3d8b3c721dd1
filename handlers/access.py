"""Who may see and answer what: access as conditions of queries, by the duties that are in force now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

import structlog
from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from handlers import grounds
from handlers.duties import ANSWERS, BOOKS, IN_FORCE, TAKES_PART_OF, depending, takes_part_of
from models.absence import Absence
from models.base import Instant, one_of
from models.db import plain
from models.grid import Duty, Grid, Shift
from models.person import Person
from models.ticket import Approval, Event, Ticket
from models.unit import once

log = structlog.get_logger()
_KNOWN: Final = "may_act"
KEEPER = "keeper"  # the role of whoever keeps a dormitory building
_NOW = bindparam("now", type_=Instant())
# The same condition as `visible` without a look at the reader's duties first; for one ticket or few, since it cannot
# use the index on paths. Needs "person" and "now".
_ME: BindParameter[str] = bindparam("person")
# The reader's own duties, and those of whom the reader takes the part of while they are away.
_DEPUTED = or_(Duty.person_id == _ME, Duty.person_id.in_(TAKES_PART_OF))
# Two levels deep a subquery would bring a table of tickets of its own: told of any one would be told of all.
_TOLD = exists().where(Event.ticket_id == Ticket.id, Event.to_id == _ME).correlate(Ticket)
_GIVEN = or_(
    Ticket.assignee_id == _ME,
    Ticket.owner_id == _ME,
    Ticket.assignee_id.in_(TAKES_PART_OF),
    Ticket.owner_id.in_(TAKES_PART_OF),
    _TOLD,
)


_ROSTERED = grounds.rostered(_ME, _NOW)
_AROUND = grounds.around(_ME, _NOW)
_NOT_ABOUT, _ABOUT_NOT_ME = grounds.not_about(_ME, _NOW), grounds.not_about(_ME, _NOW, alone=True)
_NOBODY: ColumnElement[bool] = Ticket.id.is_(None)
# A matter that was handed to another office is seen there, too, for as long as it is there.
_HANDED = func.substr(Ticket.handed_path, 1, func.length(Duty.path)) == Duty.path
REACHED = and_(
    or_(
        exists().where(
            _DEPUTED,
            ANSWERS,
            or_(grounds.lies_in(Duty), _HANDED),
            or_(Ticket.private.is_(False), Ticket.path == Duty.path, _GIVEN),
        ),
        and_(_GIVEN, or_(_ROSTERED, _AROUND)),
    ),
    _NOT_ABOUT,
)
# Names of their own, since a statement that asks for this may be about areas or duties itself.
_Held, _Area, _Asked = aliased(Duty), aliased(Grid), aliased(Ticket)
# Whether somebody may have been given what stands in no area of theirs: was ever on a roster, stood in for anybody,
# answers for a part of the dormitories, or is asked to sign something there. Needs "person" and "now".
FURTHER = or_(
    exists().where(Shift.person_id == _ME),
    exists().where(Absence.stand_in_id == _ME),
    exists().where(_Held.person_id == _ME, _Area.path == _Held.path, _Area.tree == "residential"),
    exists().where(
        Approval.to_id == _ME, text("approval.to_id is not null and approval.decision = ''"),
        _Asked.id == Approval.ticket_id, _Area.path == _Asked.path, _Area.tree == "residential",
    ),
)  # fmt: skip
_FURTHER = select(FURTHER)
_MAY_ACT = select(Ticket.id).where(Ticket.id == bindparam("ticket"), REACHED)
_SEES = select(Ticket.id).where(
    Ticket.id.in_(bindparam("tickets", expanding=True)), or_(REACHED, Ticket.requester_id == _ME)
)
_PATHS_OF = select(Duty.path).where(_DEPUTED, ANSWERS).distinct()
_LOOKS_AT = select(Duty.path).where(_DEPUTED, IN_FORCE, Duty.other_than(BOOKS)).distinct()
_KEPT = select(Duty.path).where(_DEPUTED, IN_FORCE, Duty.role == KEEPER).distinct()
_HELD_AS = select(Duty.path).where(_DEPUTED, IN_FORCE, Duty.role.in_(bindparam("roles", expanding=True))).distinct()


def kept_paths(session: Session, staff: Person, now: datetime) -> tuple[str, ...]:
    """The buildings that somebody keeps, or whose keeper's part somebody takes, in order."""
    if staff.kind != "staff" or not staff.active:
        return ()
    return tuple(sorted(plain(session).execute(_KEPT, {"person": staff.id, "now": now}).scalars()))


def has_role_for(session: Session, staff: Person, student: Person, roles: Iterable[str], now: datetime) -> bool:
    """Whether somebody on the staff has one of these roles, or takes such a part, for an area in which a student stands."""
    if staff.kind != "staff" or not staff.active or student.kind != "student":
        return False
    held = plain(session).execute(_HELD_AS, {"person": staff.id, "now": now, "roles": sorted(roles)}).scalars()
    stands = (student.academic_path or "", student.residential_path or "")
    return any(place.startswith(path) for path in held for place in stands)


def is_officer_for(session: Session, officer: Person, mate: Person, roles: Iterable[str], now: datetime) -> bool:
    """Whether a student has one of these roles (班长) for an area in which another student stands."""
    if officer.kind != "student" or not officer.active:
        return False
    held = plain(session).execute(_HELD_AS, {"person": officer.id, "now": now, "roles": sorted(roles)}).scalars()
    return any((mate.academic_path or "").startswith(path) for path in held)


def keeps(session: Session, staff: Person, student: Person, now: datetime) -> bool:
    """Whether a student lives in a building that somebody keeps: who is back may be booked there, and nothing else."""
    lives = student.residential_path or ""
    return student.kind == "student" and any(lives.startswith(path) for path in kept_paths(session, staff, now))


def reaches(session: Session, staff: Person, student: Person, now: datetime) -> bool:
    """Whether a member of staff has a duty now for an area that a student stands in, in either tree."""
    if staff.kind != "staff" or not staff.active or student.kind != "student" or not student.active:
        return False
    stands = tuple(path for path in (student.academic_path, student.residential_path) if path)
    return any(each.startswith(path) for path in paths_of(session, staff, now) for each in stands)


def refused(person: Person, ticket: Ticket) -> None:
    """Write to the log that somebody named a ticket that is not for them; ids only. They read that there is none."""
    log.warning("access_refused", person=person.id, ticket=ticket.id)


def may_act(session: Session, person: Person, ticket: Ticket, now: datetime) -> bool:
    """Whether a member of staff may answer a ticket: it is theirs, or their duties reach it. Never one's own."""
    if person.kind != "staff" or not person.active or ticket.requester_id == person.id:
        return False
    # A verb asks once more what was asked when its ticket was found: the same answer as long as nothing is changed.
    given = (ticket.assignee_id, ticket.owner_id, ticket.recused)
    asked = (person.id, now, ticket.rev, ticket.path, ticket.handed_path, *given)
    answered = depending(session, _KNOWN)
    if answered.get(ticket.id, (None,))[0] != asked:
        found = plain(session).execute(_MAY_ACT, {"ticket": ticket.id, "person": person.id, "now": now}).first()
        answered[ticket.id] = (asked, found is not None)
    return bool(answered[ticket.id][1])


def visible(session: Session, reader: Person | None, now: datetime) -> ColumnElement[bool]:
    """The condition by which a reader sees tickets; every reading of tickets goes through it.

    A student sees what he asked for. Staff see what lies below an area that they have a duty for; a private ticket
    only with a duty for its own area, or if they work on it, own it or were told of it. To have been given a ticket
    is no lasting right: whoever was moved to another area, or whose duty ended, sees it no more (ASVS 5.0 8.2.2). It
    holds for as long as a duty reaches the area, or a turn on the roster did when the ticket was opened or does now.
    What was handed to another office is seen by that office, too, as long as it is there.
    Whoever stands in for somebody that is away sees what he sees, and keeps what was given to him meanwhile.
    Whoever signs for the dormitory of a student sees what he was given to sign. Nobody sees what is about them (Recusal).
    """
    if reader is None or not reader.active:
        return Ticket.id.is_(None)
    own = Ticket.requester_id == reader.id
    if reader.kind != "staff":
        return own
    paths = paths_of(session, reader, now)
    if not plain(session).execute(_FURTHER, {"person": reader.id, "now": now}).scalar():
        return _seen_alone(reader.id, paths)
    whose = (reader.id, *takes_part_of(session, reader.id, now))
    further = and_(_given(reader.id, whose), or_(grounds.rostered(reader.id, now), grounds.around(reader.id, now)))
    return or_(and_(or_(_seen(reader.id, paths, whose), further), grounds.not_about(reader.id, now)), own)


def seen_of(session: Session, reader: Person | None, ids: Collection[str], now: datetime) -> set[str]:
    """Which of a few tickets a reader sees (`visible`), asked for by a statement that is built once."""
    if reader is None or reader.kind != "staff" or not reader.active:
        wanted = select(Ticket.id).where(Ticket.id.in_(ids), visible(session, reader, now))
        return set(plain(session).execute(wanted).scalars())
    return set(plain(session).execute(_SEES, {"tickets": list(ids), "person": reader.id, "now": now}).scalars())


def answerable(session: Session, reader: Person | None, now: datetime) -> ColumnElement[bool]:
    """The condition by which staff find what they may answer: what they see, but for what they asked for themselves, of
    which they read what any requester reads and no tag, no figure and no word among staff."""
    if reader is None or reader.kind != "staff":
        return _NOBODY
    return and_(visible(session, reader, now), or_(Ticket.requester_id.is_(None), Ticket.requester_id != reader.id))


def _given(me: str, whose: tuple[str, ...]) -> ColumnElement[bool]:
    told = exists().where(Event.ticket_id == Ticket.id, Event.to_id == me)
    return or_(Ticket.assignee_id.in_(whose), Ticket.owner_id.in_(whose), told)


@lru_cache(maxsize=512)
def _seen_alone(me: str, paths: tuple[str, ...]) -> ColumnElement[bool]:
    """`visible` for somebody who is given nothing from elsewhere, whole."""
    return or_(and_(_seen(me, paths, (me,)), grounds.not_about(me, None, alone=True)), Ticket.requester_id == me)


@lru_cache(maxsize=512)
def _seen(me: str, paths: tuple[str, ...], whose: tuple[str, ...]) -> ColumnElement[bool]:
    """What duties for these paths let somebody see; kept, since building it takes longer than asking it."""
    given = _given(me, whose)
    reach: list[ColumnElement[bool]] = []
    for path in paths:
        below = or_(Ticket.path.startswith(path, autoescape=True), Ticket.handed_path.startswith(path, autoescape=True))
        reach.append(and_(below, or_(Ticket.private.is_(False), Ticket.path == path, given)))
    return or_(*reach) if reach else Ticket.id.is_(None)


@lru_cache(maxsize=512)
def within(paths: tuple[str, ...], areas: tuple[str, ...] | None = None, *, alone: bool = False) -> ColumnElement[bool]:
    """The condition of `visible` for staff with duties for these paths, for statements that are built once and kept.

    areas: every area that lies below the paths, where these are few enough to be named one by one. alone: whether the
    reader was never on a roster and never stood in for anybody. Both only make it shorter. Needs "person" and "now".
    """
    given = or_(Ticket.assignee_id == _ME, Ticket.owner_id == _ME, _TOLD) if alone else _GIVEN
    if areas is not None:
        reach = [
            and_(one_of(Ticket.path, areas), or_(Ticket.private.is_(False), one_of(Ticket.path, paths), given)),
            and_(one_of(Ticket.handed_path, areas), or_(Ticket.private.is_(False), given)),
        ]
    else:
        reach = [
            and_(
                Ticket.path.startswith(path, autoescape=True),
                or_(Ticket.private.is_(False), Ticket.path == path, given),
            )
            for path in paths
        ]
        handed = [Ticket.handed_path.startswith(path, autoescape=True) for path in paths]
        reach += [and_(or_(*handed), or_(Ticket.private.is_(False), given))] if handed else []
    # What most tickets fulfil stands first: the rest, which asks other tables, is then not looked at.
    reach += [] if alone else [and_(_GIVEN, or_(_ROSTERED, _AROUND))]
    reached = or_(*reach) if reach else _NOBODY
    return or_(and_(reached, _ABOUT_NOT_ME if alone else _NOT_ABOUT), Ticket.requester_id == _ME)


def paths_of(session: Session, reader: Person, now: datetime) -> tuple[str, ...]:
    """The areas that somebody has a duty for now, in order."""

    def find() -> tuple[str, ...]:
        return tuple(sorted(plain(session).execute(_PATHS_OF, {"person": reader.id, "now": now}).scalars()))

    return once(session, ("paths", reader.id), find) if reader.active and reader.kind == "staff" else ()


def looks_at(session: Session, reader: Person, now: datetime) -> tuple[str, ...]:
    """The areas that somebody may know of who is away from them: those of `paths_of`, and of whoever teaches there."""
    found = plain(session).execute(_LOOKS_AT, {"person": reader.id, "now": now}).scalars()
    return tuple(sorted(found)) if reader.active and reader.kind == "staff" else ()
