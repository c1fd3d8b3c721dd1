"""People on the staff: a search, and one person's roles, absences, open tickets, and what handing over would move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select

from handlers import absences, directory, handing, powers, roles, wording
from handlers.handing import Load
from handlers.turn import Turn
from models.absence import REASONS, Absence
from models.grid import Duty, Grid
from models.message import Refused
from models.person import Person

MOST: Final = 50
MOST_AREAS: Final = 400
INDENT: Final = "\u2003"  # before the name of an area for each level that it lies below the school
PAST: Final = timedelta(days=180)  # roles that ended before are not shown


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a search: who, roles in one line, and a note where the person is away or has left."""

    number: str
    name: str
    roles: str
    note: str


@dataclass(frozen=True, slots=True)
class Role:
    """One role of a person. left: open tickets that nobody would see to, once it has ended. may_undo: whether its end was
    set a moment ago and can be taken back."""

    id: str
    role: str
    area: str
    leads: bool
    since: str
    until: str
    is_over: bool
    left: int
    may_edit: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Away:
    """One absence in force or to come."""

    id: str
    said: str
    stand_in: str
    reason: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The page of a person. areas: (path, name) that the reader may give roles for; colleagues: (number, name).

    handover: the newest handing over that can be gone on with or undone: (id, to whom, whether it is finished).
    """

    number: str
    name: str
    place: str
    is_me: bool
    is_active: bool
    may_lead: bool
    may_be_away: bool
    roles: tuple[Role, ...]
    absences: tuple[Away, ...]
    load: Load
    areas: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    handover: tuple[str, str, str, bool] | None


def find(turn: Turn, words: str) -> tuple[Row, ...]:
    """Staff by number or name; without words those that the reader leads, or his colleagues."""
    if turn.person is None or turn.person.kind != "staff":
        raise Refused("ticket.not_found")
    wanted = select(Person).where(Person.kind == "staff").order_by(Person.active.desc(), Person.number)
    like = words.strip()[:40]
    if like:
        wanted = wanted.where(
            or_(
                Person.number.startswith(like, autoescape=True), Person.name.contains(like, autoescape=True),
                Person.name_en.icontains(like, autoescape=True),
            )
        )  # fmt: skip
    else:
        wanted = wanted.where(Person.active, _near(turn))
    people = list(turn.session.execute(wanted.limit(MOST)).scalars())
    held = _roles_of(turn, [person.id for person in people])
    gone = _away(turn, [person.id for person in people])
    return tuple(
        Row(
            person.number, directory.name_of(person, turn.lang), turn.say("form.or").join(held.get(person.id, ())),
            turn.say("people_page.has_left") if not person.active else gone.get(person.id, ""),
        )
        for person in people
    )  # fmt: skip


def show(turn: Turn, number: str) -> Shown | None:
    """One member of staff; None for nobody of that number."""
    if turn.person is None or turn.person.kind != "staff":
        raise Refused("ticket.not_found")
    person = directory.by_number(turn.session, number)
    if person is None or person.kind != "staff":
        return None
    is_me, may_lead = person.id == turn.person.id, powers.leads_person(turn, person)
    led = powers.led(turn)
    made = handing.newest_of(turn, person.id) if may_lead else None
    taker = turn.session.get(Person, made.to_id) if made is not None else None
    return Shown(
        number=person.number, name=directory.name_of(person, turn.lang),
        place=directory.grid_name(turn.session, person.academic_path, turn.lang), is_me=is_me, is_active=person.active,
        may_lead=may_lead, may_be_away=person.active and (is_me or may_lead), roles=_roles(turn, person),
        absences=_absences(turn, person, whole=is_me or may_lead), load=handing.weigh(turn, person),
        areas=_areas(turn, led) if led and person.active else (), codes=_codes(turn) if led else (),
        colleagues=_colleagues(turn, person) if is_me or may_lead else (),
        reasons=tuple((each, turn.say(f"people_page.reason_{each or 'none'}")) for each in REASONS),
        handover=(made.id, directory.name_of(taker, turn.lang), taker.number if taker else "", made.done_at is not None)
        if made is not None else None,
    )  # fmt: skip


def _near(turn: Turn) -> ColumnElement[bool]:
    """Whoever has a duty below what the reader leads, or where the reader has one himself."""
    me = turn.person.id if turn.person else ""
    mine = turn.session.execute(select(Duty.path).where(Duty.person_id == me)).scalars().all()
    below = [Duty.path.startswith(path, autoescape=True) for path in powers.led(turn)]
    held = select(Duty.person_id).where(or_(Duty.path.in_(mine), *below), *_in_force(turn))
    return or_(Person.id.in_(held), Person.id == me)


def _in_force(turn: Turn) -> tuple[ColumnElement[bool], ...]:
    return Duty.from_at <= turn.now, or_(Duty.until_at.is_(None), Duty.until_at > turn.now)


def _roles_of(turn: Turn, ids: list[str]) -> dict[str, list[str]]:
    rows = turn.session.execute(
        select(Duty.person_id, Duty.role, Grid.name, Grid.name_en).join(Grid, Grid.path == Duty.path)
        .where(Duty.person_id.in_(ids), *_in_force(turn)).order_by(Duty.path)
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for row in rows:
        area = (row.name_en or row.name) if turn.lang == "en" else row.name
        said = turn.say("people_page.role_at", role=wording.role(row.role, turn.lang, area), area=area)
        found.setdefault(row.person_id, []).append(said)
    return found


def _away(turn: Turn, ids: list[str]) -> dict[str, str]:
    rows = turn.session.execute(
        select(Absence, Person).outerjoin(Person, Person.id == Absence.stand_in_id)
        .where(Absence.person_id.in_(ids), Absence.from_at <= turn.now, Absence.until_at > turn.now)
    ).all()  # fmt: skip
    found = {}
    for row in rows:
        name = directory.name_of(row[1], turn.lang)
        found[row[0].person_id] = turn.say("grid_page.acting", name=name) if name else turn.say("grid_page.away")
    return found


def _roles(turn: Turn, person: Person) -> tuple[Role, ...]:
    duties = turn.session.execute(
        select(Duty).where(
            Duty.person_id == person.id, or_(Duty.until_at.is_(None), Duty.until_at > turn.now - PAST)
        ).order_by(Duty.until_at.is_not(None), Duty.path, Duty.from_at)
    ).scalars()  # fmt: skip
    found = []
    for duty in duties:
        is_over = duty.until_at is not None and duty.until_at <= turn.now
        may_edit = powers.leads_area(turn, duty.path)
        found.append(Role(
            id=duty.id, role=wording.role(duty.role, turn.lang), leads=duty.leads,
            area=directory.grid_name(turn.session, duty.path, turn.lang), since=_day(turn, duty.from_at),
            until=_day(turn, duty.until_at - timedelta(seconds=1)) if duty.until_at is not None else "",
            is_over=is_over, left=roles.left_behind(turn, duty) if may_edit else 0, may_edit=may_edit,
            may_undo=may_edit and duty.until_at is not None and is_over and turn.now - duty.until_at <= roles.UNDO,
        ))  # fmt: skip
    return tuple(found)


def _absences(turn: Turn, person: Person, *, whole: bool) -> tuple[Away, ...]:
    found = []
    for absence in absences.to_come(turn, person.id):
        other = turn.session.get(Person, absence.stand_in_id) if absence.stand_in_id else None
        reason = turn.say(f"people_page.reason_{absence.reason or 'none'}") if whole and absence.reason else ""
        found.append(Away(
            absence.id, absences.span(turn, absence), directory.name_of(other, turn.lang), reason,
            absence.from_at <= turn.now,
        ))  # fmt: skip
    return tuple(found)


def _areas(turn: Turn, led: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    below = or_(*(Grid.path.startswith(path, autoescape=True) for path in led))
    found = turn.session.execute(
        select(Grid.path, Grid.name, Grid.name_en).where(below).order_by(Grid.path).limit(MOST_AREAS)
    )
    return tuple(
        (
            row.path,
            INDENT * (row.path.count("/") - 2) + ((row.name_en or row.name) if turn.lang == "en" else row.name),
        )
        for row in found
    )


def _codes(turn: Turn) -> tuple[tuple[str, str], ...]:
    """Every role that the items ask for or anybody holds."""
    found = {role for (role,) in turn.session.execute(select(Duty.role).distinct())}
    for item in turn.school.catalogue.items.values():
        found |= {item.answers_by, *(signature.role for signature in item.approval)}
        found |= {row.answers_by for row in item.route if row.answers_by}
    return tuple((code, wording.role(code, turn.lang)) for code in sorted(found))


def _colleagues(turn: Turn, person: Person) -> tuple[tuple[str, str], ...]:
    staff = select(Person).where(Person.kind == "staff", Person.active, Person.id != person.id)
    count = turn.session.execute(select(func.count()).select_from(staff.subquery())).scalar_one()
    wanted = staff if count <= MOST_AREAS else staff.where(_near(turn))
    found = turn.session.execute(wanted.order_by(Person.number).limit(MOST_AREAS)).scalars()
    return tuple((each.number, directory.name_of(each, turn.lang)) for each in found)


def _day(turn: Turn, at: datetime) -> str:
    return wording.day(at.astimezone(turn.school.zone).date(), turn.lang, turn.today)
