"""Who answers for an area, who is on duty, who leads: by the duties and shifts of an instant, without whoever is away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, and_, bindparam, event, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.absence import Absence
from models.base import Instant
from models.db import plain
from models.grid import Duty, Shift
from models.person import Person
from models.ticket import OPEN, Ticket
from models.unit import known

# What a unit knows: who answers, and who stands in. It hangs on rows of these tables.
_WHO: Final = "holding"
ABSENCES: Final = "absences"
_HANGS_ON: Final = (Absence, Duty, Shift, Person)
# The statements of an ordinary turn are built once: building one costs as much as executing it.
_NOW = bindparam("now", type_=Instant())
_PATHS: BindParameter[list[str]] = bindparam("paths", expanding=True)
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_ME: BindParameter[str] = bindparam("person")
Ids = frozenset[str]  # of people
NOBODY: Final[Ids] = frozenset()
IN_FORCE = and_(Duty.from_at <= _NOW, or_(Duty.until_at.is_(None), Duty.until_at > _NOW))
# Who teaches a class has a duty that shows who is away from it, and answers for nobody's matters.
BOOKS: Final = frozenset({"clinic"})  # books returns where the rules say so, and sees no matter and no list
LOOKS: Final = frozenset({"teacher"}) | BOOKS
ANSWERS = and_(IN_FORCE, Duty.other_than(LOOKS))
_AWAY_NOW = and_(Absence.from_at <= _NOW, Absence.until_at > _NOW)
IS_AWAY = exists().where(Absence.person_id == Person.id, _AWAY_NOW).label("is_away")
_HOLDERS = (
    select(Person, Duty.path, IS_AWAY)
    .join(Duty, Duty.person_id == Person.id)
    .where(Duty.path.in_(_PATHS), Duty.role == bindparam("role"), Person.active, IN_FORCE)
    .order_by(Duty.from_at, Duty.id)
)
_ON_DUTY = (
    select(Person, Shift.path, IS_AWAY)
    .join(Shift, Shift.person_id == Person.id)
    .where(Shift.path.in_(_PATHS), Shift.starts_at <= _NOW, Shift.ends_at > _NOW, Person.active)
    .order_by(Shift.starts_at.desc(), Shift.id)
)
_ON_DUTY_AS = _ON_DUTY.where(Shift.role == bindparam("role"))
_LEADS = (
    select(Person, Duty.path, IS_AWAY)
    .join(Duty, Duty.person_id == Person.id)
    .where(Duty.path.in_(_PATHS), Duty.leads, Person.active, IN_FORCE)
    .order_by(func.length(Duty.path).desc(), Duty.from_at, Duty.id)
)
_LOADS = (
    select(Ticket.assignee_id, func.count())
    # What is being opened right now has no instant yet, and must not weigh on whom it is given to.
    .where(Ticket.assignee_id.in_(_IDS), Ticket.status.in_(OPEN), Ticket.due_at.is_not(None))
    .group_by(Ticket.assignee_id)
)
_Other = aliased(Absence)
# Whoever stands in and is away at the same time stands in for nobody: then it is as if nobody had been named.
_STAND_INS = (
    select(Absence.person_id, Person)
    .join(Person, Person.id == Absence.stand_in_id)
    .where(Absence.person_id.in_(_IDS), _AWAY_NOW, Person.active, Person.kind == "staff")
    .where(~exists().where(_Other.person_id == Person.id, _Other.from_at <= _NOW, _Other.until_at > _NOW))
    .order_by(Absence.from_at, Absence.id)
)
_AWAY = select(Absence).where(Absence.person_id == _ME, _AWAY_NOW).order_by(Absence.from_at).limit(1)
_STOOD_IN = select(Absence.id).where(Absence.person_id == _ME, Absence.stand_in_id.is_not(None), _AWAY_NOW).limit(1)
# Whose part somebody takes now; for other statements, which need "person" and "now".
TAKES_PART_OF = select(Absence.person_id).where(Absence.stand_in_id == _ME, _AWAY_NOW)

_LEADS_ANY = (
    select(Duty.id)
    .where(or_(Duty.person_id == _ME, Duty.person_id.in_(TAKES_PART_OF)))
    .where(Duty.path.in_(_PATHS), Duty.leads, IN_FORCE)
    .limit(1)
)


def up(path: str) -> list[str]:
    """A path and the paths above it, nearest first: "/s/cs/c1/" → ["/s/cs/c1/", "/s/cs/", "/s/"]."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) + "/" for count in range(len(parts), 0, -1)]


def depending(session: Session, what: str) -> dict[Any, Any]:
    """What this unit knows (models.unit.known) that hangs on who has which duty: nothing once it changes any of that."""
    _forget_changed(session)
    session.info.setdefault("depending", set()).add(what)
    return known(session, what)


@event.listens_for(Session, "after_flush")
def _forget_changed(session: Session, *_: Any) -> None:
    if not (session.identity_map.check_modified() or session.new or session.deleted):
        return  # As mostly, and asked with every right: what is changed is only looked through where anything is.
    if any(isinstance(row, _HANGS_ON) for row in (*session.new, *session.dirty, *session.deleted)):
        for what in session.info.get("depending", ()):
            known(session, what).clear()


# -- who is away


def away(session: Session, person_id: str, now: datetime) -> Absence | None:
    """The absence that somebody is in now, None who is here."""
    return session.execute(_AWAY, {"person": person_id, "now": now}).scalar()


def is_away(session: Session, person_id: str, now: datetime) -> bool:
    """Whether somebody is away now."""
    return away(session, person_id, now) is not None


def stand_in(session: Session, person_id: str | None, now: datetime) -> Person | None:
    """Who acts for somebody that is away now; None for whoever is here, and where nobody stands in."""
    if person_id is None:
        return None
    # Asked with every notice and card, and nearly always in vain: so a plain look comes first, and once a unit.
    looked = depending(session, ABSENCES)
    if (person_id, now) not in looked:
        found = plain(session).execute(_STOOD_IN, {"person": person_id, "now": now}).first()
        looked[person_id, now] = found is not None
    return stand_ins(session, [person_id], now).get(person_id) if looked[person_id, now] else None


def takes_part_of(session: Session, person_id: str, now: datetime) -> frozenset[str]:
    """The ids of those for whom somebody stands in now."""
    return frozenset(plain(session).execute(TAKES_PART_OF, {"person": person_id, "now": now}).scalars())


def stand_ins(session: Session, ids: list[str], now: datetime) -> dict[str, Person]:
    """Who stands in now for which of these people, by their ids."""
    rows = session.execute(_STAND_INS, {"ids": ids, "now": now}).all() if ids else []
    return {row[0]: row[1] for row in reversed(rows)}


def _here(session: Session, rows: Sequence[Any], now: datetime, about: Ids = NOBODY) -> list[tuple[Person, str]]:
    """Of (person, path, is_away) rows those who are here, and in the place of who is away whoever stands in.

    about: whom a matter is about: their rows are left out, with whoever stands in for them, and so are they as stand-ins.
    """
    rows = [row for row in rows if row[0].id not in about] if about else rows
    gone = [person.id for person, _, is_gone in rows if is_gone]
    others = stand_ins(session, gone, now)
    found: list[tuple[Person, str]] = []
    for person, path, is_gone in rows:
        acting = others.get(person.id) if is_gone else person
        if acting is not None and acting.id not in about and (acting, path) not in found:
            found.append((acting, path))
    return found


def _nearest(rows: Iterable[tuple[Person, str]]) -> list[Person]:
    """Of (person, path) rows, the people of the longest path."""
    ordered = sorted(rows, key=lambda row: -len(row[1]))
    return [person for person, path in ordered if path == ordered[0][1]]


# -- who answers


def holders(session: Session, path: str, role: str, now: datetime, about: Ids = NOBODY) -> list[Person]:
    """Who answers in a role for an area, or for the nearest area above it that has somebody who is here.

    In the place of who is away stands whoever stands in; without such a one it is as if nobody held the role there.
    """
    return list(dict.fromkeys(person for person, _ in holding(session, path, role, now, about)))


def holding(session: Session, path: str, role: str, now: datetime, about: Ids = NOBODY) -> list[tuple[Person, bool]]:
    """`holders`, each with whether it is somebody else's part: of who is away and whom the person stands in for."""
    read = depending(session, _WHO)
    if (path, role, now, about) not in read:
        read[path, role, now, about] = _holding(session, path, role, now, about)
    found: list[tuple[Person, bool]] = read[path, role, now, about]
    return found


def _held(session: Session, path: str, role: str, now: datetime) -> Sequence[Any]:
    """(person, path, whether away) of whoever has a role for an area or above it: every right asks for these rows."""
    read = depending(session, _WHO)
    if (path, role, now) not in read:
        read[path, role, now] = session.execute(_HOLDERS, {"paths": up(path), "role": role, "now": now}).all()
    found: Sequence[Any] = read[path, role, now]
    return found


def _holding(session: Session, path: str, role: str, now: datetime, about: Ids) -> list[tuple[Person, bool]]:
    rows = _held(session, path, role, now)
    own = {(person.id, each) for person, each, is_gone in rows if not is_gone}
    found = sorted(_here(session, rows, now, about), key=lambda row: -len(row[1]))
    return [(person, (person.id, each) not in own) for person, each in found if each == found[0][1]]


def deputed(session: Session, path: str, role: str, now: datetime) -> dict[str, str | None]:
    """Who may act in a role for an area: by id, None for one's own part, or the id of who is away and is stood in for.

    Whoever is away may act all the same: a signature given on a journey is one.
    """
    rows = _held(session, path, role, now)
    nearest = max((len(each) for _, each in _here(session, rows, now)), default=0)
    near = [(person, is_gone) for person, each, is_gone in rows if len(each) >= nearest]
    others = stand_ins(session, [person.id for person, is_gone in near if is_gone], now)
    found: dict[str, str | None] = {other.id: person_id for person_id, other in others.items()}
    return found | dict.fromkeys(person.id for person, _ in near)


def on_duty(session: Session, path: str, now: datetime, role: str = "", about: Ids = NOBODY) -> list[Person]:
    """Who is on the duty roster at an instant for an area or the nearest above it, in a role or in any."""
    values = {"paths": up(path), "now": now}
    found = session.execute(_ON_DUTY_AS, {**values, "role": role}) if role else session.execute(_ON_DUTY, values)
    return _nearest(_here(session, found.all(), now, about))


def leads(session: Session, path: str, now: datetime, about: Ids = NOBODY) -> list[Person]:
    """Who hears when silence climbs from an area: those who lead it and what lies above, nearest first."""
    found: list[Person] = []
    for person, _ in _here(session, session.execute(_LEADS, {"paths": up(path), "now": now}).all(), now, about):
        if person not in found:
            found.append(person)
    return found


def is_lead(session: Session, person_id: str, paths: Iterable[str], now: datetime) -> bool:
    """Whether somebody is one of `leads` of any of these areas: by a plain look first, since most lead nothing."""
    every = list(paths)
    near = sorted({above for path in every for above in up(path)})
    if plain(session).execute(_LEADS_ANY, {"person": person_id, "paths": near, "now": now}).first() is None:
        return False
    return any(person_id == person.id for path in every for person in leads(session, path, now))


def responsible_for(
    session: Session, path: str, role: str, now: datetime, not_id: str | None = None, *, queue: bool = False,
    about: Ids = NOBODY,
) -> Person | None:  # fmt: skip
    """Who answers for an area in a role: of those who hold it, whoever is on the roster in it now; else the holder
    with the fewest open matters, else of those on duty the one with the fewest, else who leads. Never the person that
    asks (not_id). queue: who leads is not asked to work, since the office as a whole sees what nobody has.
    about: whom the matter is about. It goes to none of them, and where one of them holds the role, rather to whoever leads,
    the nearest first, or is on duty, than to a colleague of the same post.
    None means that nobody has it, which is an alarm."""
    holding = holders(session, path, role, now, about)
    rostered = {person.id for person in on_duty(session, path, now, role)} if len(holding) > 1 else set()
    # One after another is asked for when the one before had nobody: mostly the holder is there.
    ways: list[Callable[[], list[Person]]] = [
        lambda: [person for person in holding if person.id in rostered],
        lambda: holding,
        lambda: on_duty(session, path, now, role, about),
        lambda: on_duty(session, path, now, "", about),
        lambda: [] if queue else leads(session, path, now, about),
    ]
    if about and not about.isdisjoint(deputed(session, path, role, now)):
        ways = [lambda: leads(session, path, now, about)[:1], *ways[2:4], lambda: holding]
    for candidates in ways:
        # Students of the duty team are on the roster, too; what others wrote is not theirs to answer.
        free = [person for person in candidates() if person.id not in (not_id, *about) and person.kind == "staff"]
        if len(free) == 1:
            return free[0]
        if free:
            return _least_loaded(session, free)
    return None


def _least_loaded(session: Session, people: list[Person]) -> Person:
    loads = {row[0]: row[1] for row in session.execute(_LOADS, {"ids": [person.id for person in people]})}
    return min(people, key=lambda person: (loads.get(person.id, 0), person.number))
