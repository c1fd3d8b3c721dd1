"""A week of the duty rosters: who is on duty when, which hours are bare, and what the reader may change or swap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import or_, select

from handlers import absences, directory, on_call, powers, shifts, swaps, wording
from handlers.roster_holes import Hole, holes
from handlers.turn import Turn
from models.absence import Absence
from models.grid import Duty, Grid, Shift
from models.message import Refused
from models.person import Person

MOST_ROSTERS: Final = 30
MOST_PEOPLE: Final = 300
DAYS: Final = 7
__all__ = ["Cell", "Choices", "Day", "Edit", "Roster", "Wait", "Week", "choices", "edit", "monday_of", "week"]


@dataclass(frozen=True, slots=True)
class Day:
    """A column: the day and how it is called."""

    on: date
    said: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A shift on its day: its hours, who has it, and who acts where that person is away."""

    id: str
    hours: str
    name: str
    acting: str
    is_away: bool
    is_mine: bool
    is_over: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """One roster: an area and a role, with the shifts of each day, and its bare hours in words."""

    path: str
    area: str
    role: str
    role_said: str
    phone: str
    may_edit: bool
    days: tuple[tuple[Cell, ...], ...]
    bare: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """A swap that nobody has answered: what it says, and whether it is the reader who answers (else he asked)."""

    id: str
    said: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Week:
    """The page: seven days from a Monday. may_add: whether the reader leads any area."""

    monday: date
    days: tuple[Day, ...]
    rosters: tuple[Roster, ...]
    waits: tuple[Wait, ...]
    may_add: bool
    others: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What a form offers: areas (path, name) that the reader leads, people (number, name), roles (code, name)."""

    areas: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One shift to change or to swap. starts, ends: as a form writes them. colleagues: (id, name). exchanges: (id, words)."""

    id: str
    said: str
    number: str
    name: str
    starts: str
    ends: str
    may_edit: bool
    may_swap: bool
    colleagues: tuple[tuple[str, str], ...]
    exchanges: tuple[tuple[str, str], ...]


def monday_of(on: date) -> date:
    """The Monday of a day's week."""
    return on - timedelta(days=on.weekday())


def week(turn: Turn, monday: date, area: str = "") -> Week:
    """The week that begins on a Monday, of the rosters that concern the reader, or of one area and below."""
    if turn.person is None:
        raise Refused("ticket.not_found")
    start, end = (_midnight(turn, monday + timedelta(days=each)) for each in (0, DAYS))
    places = _rosters(turn, start, end, area)
    shown = places[:MOST_ROSTERS]
    rows = _shifts(turn, start, end, [path for path, _ in shown])
    bare: dict[tuple[str, str], list[Hole]] = defaultdict(list)
    if end > turn.now:
        for hole in holes(turn.session, max(turn.now, start), end):
            bare[hole.path, hole.role].append(hole)
    acting = _acting(turn, [person.id for each in rows.values() for _, person in each], start, end)
    rosters = tuple(
        _roster(turn, path, role, monday, rows.get((path, role), []), bare[path, role], acting) for path, role in shown
    )
    days = tuple(
        Day(on, wording.day(on, turn.lang, turn.today), on == turn.today)
        for on in (monday + timedelta(days=each) for each in range(DAYS))
    )
    return Week(monday, days, rosters, _waits(turn), bool(powers.led(turn)), len(places) - len(shown))


def choices(turn: Turn) -> Choices:
    """What the form for a new shift offers."""
    led = powers.led(turn)
    if not led:
        return Choices((), (), ())
    below = or_(*(Grid.path.startswith(path, autoescape=True) for path in led))
    areas = select(Grid.path, Grid.name, Grid.name_en).where(below, Grid.level.not_in(("floor", "room")))
    found = turn.session.execute(areas.order_by(Grid.path).limit(MOST_PEOPLE)).all()
    paths = [row.path for row in found]
    near = select(Duty.person_id).where(Duty.path.in_(paths), or_(Duty.until_at.is_(None), Duty.until_at > turn.now))
    rostered = select(Shift.person_id).where(Shift.path.in_(paths), Shift.ends_at > turn.now - timedelta(days=60))
    people = select(Person).where(
        Person.active, or_(Person.id.in_(near), Person.id.in_(rostered), Person.academic_path.in_(paths)),
        Person.kind == "staff",
    )  # fmt: skip
    staff = turn.session.execute(people.order_by(Person.number).limit(MOST_PEOPLE)).scalars()
    codes = set(turn.session.execute(select(Shift.role).distinct()).scalars()) | {"duty"}
    return Choices(
        tuple((row.path, (row.name_en or row.name) if turn.lang == "en" else row.name) for row in found),
        tuple((person.number, directory.name_of(person, turn.lang)) for person in staff),
        tuple((code, wording.role(code, turn.lang)) for code in sorted(codes)),
    )


def edit(turn: Turn, shift_id: str) -> Edit | None:
    """One shift to change or to swap; None for one that is not there or that the reader can do nothing with."""
    shift = turn.session.get(Shift, shift_id)
    person = turn.session.get(Person, shift.person_id) if shift is not None else None
    if shift is None or person is None or shift.ends_at <= turn.now:
        return None
    may_edit = powers.leads_area(turn, shift.path)
    may_swap = turn.person is not None and person.id == turn.person.id and shift.starts_at > turn.now
    if not may_edit and not may_swap:
        return None
    others = swaps.colleagues(turn, shift) if may_swap else []
    exchanges = tuple(
        (each.id, turn.say("swap.for", name=directory.name_of(other, turn.lang), at=shifts.said(turn, each)))
        for other in others
        for each in swaps.exchanges(turn, shift, other)
    )
    zone = turn.school.zone
    starts, ends = (f"{at.astimezone(zone):%Y-%m-%dT%H:%M}" for at in (shift.starts_at, shift.ends_at))
    area = directory.grid_name(turn.session, shift.path, turn.lang)
    said = turn.say(
        "swap.line", area=area, role=wording.role(shift.role, turn.lang, area), shift=shifts.said(turn, shift)
    )
    return Edit(
        shift.id, said.lstrip("· "), person.number, directory.name_of(person, turn.lang), starts, ends, may_edit, may_swap,
        tuple((each.id, directory.name_of(each, turn.lang)) for each in others), exchanges,
    )  # fmt: skip


# -- one week


def _midnight(turn: Turn, on: date) -> datetime:
    return datetime.combine(on, time(), turn.school.zone)


def _rosters(turn: Turn, start: datetime, end: datetime, area: str) -> list[tuple[str, str]]:
    """The rosters (area, role) that had shifts within two months of the week and concern the reader, the wide ones first."""
    near = timedelta(days=60)
    kept = select(Shift.path, Shift.role).where(Shift.ends_at > start - near, Shift.starts_at < end + near).distinct()
    if area:
        kept = kept.where(Shift.path.startswith(area, autoescape=True))
    found = [(row.path, row.role) for row in turn.session.execute(kept)]
    if not area:
        mine = _places(turn)
        found = [each for each in found if any(each[0].startswith(path) or path.startswith(each[0]) for path in mine)]
    return sorted(found, key=lambda each: (each[0].count("/"), each))


def _places(turn: Turn) -> set[str]:
    person = turn.person
    if person is None:
        return set()
    held = select(Duty.path).where(
        Duty.person_id == person.id, Duty.from_at <= turn.now, or_(Duty.until_at.is_(None), Duty.until_at > turn.now)
    )
    own = select(Shift.path).where(Shift.person_id == person.id, Shift.ends_at > turn.now - timedelta(days=60))
    found = {*turn.session.execute(held).scalars(), *turn.session.execute(own.distinct()).scalars(), *powers.led(turn)}
    return found | ({person.academic_path} if person.academic_path else set())


def _shifts(
    turn: Turn, start: datetime, end: datetime, paths: list[str]
) -> dict[tuple[str, str], list[tuple[Shift, Person]]]:
    wanted = select(Shift, Person).join(Person, Person.id == Shift.person_id).where(
        Shift.path.in_(paths), Shift.starts_at < end, Shift.ends_at > start
    ).order_by(Shift.starts_at, Person.number)  # fmt: skip
    found: dict[tuple[str, str], list[tuple[Shift, Person]]] = defaultdict(list)
    for shift, person in turn.session.execute(wanted).all():
        found[shift.path, shift.role].append((shift, person))
    return found


def _acting(turn: Turn, ids: list[str], start: datetime, end: datetime) -> list[tuple[Absence, str]]:
    """The absences of these people that touch the week, with the name of whoever stands in."""
    rows = turn.session.execute(
        select(Absence, Person).outerjoin(Person, Person.id == Absence.stand_in_id)
        .where(Absence.person_id.in_(set(ids)), Absence.from_at < end, Absence.until_at > start)
    ).all()  # fmt: skip
    return [(row[0], directory.name_of(row[1], turn.lang)) for row in rows]


def _roster(
    turn: Turn, path: str, role: str, monday: date, rows: list[tuple[Shift, Person]], bare: list[Hole],
    acting: list[tuple[Absence, str]],
) -> Roster:  # fmt: skip
    days: list[list[Cell]] = [[] for _ in range(DAYS)]
    for shift, person in rows:
        first = (shift.starts_at.astimezone(turn.school.zone).date() - monday).days
        days[max(0, min(first, DAYS - 1))].append(_cell(turn, shift, person, acting))
    return Roster(
        path=path, area=directory.grid_name(turn.session, path, turn.lang), role=role,
        role_said=wording.role(role, turn.lang), phone=on_call.duty_line(turn.session, path),
        may_edit=powers.leads_area(turn, path), days=tuple(tuple(each) for each in days),
        bare=tuple(_bare(turn, hole) for hole in bare),
    )  # fmt: skip


def _bare(turn: Turn, hole: Hole) -> str:
    said = absences.said(turn, hole.from_at, hole.until_at, timed=True)
    return turn.say("duty_page.bare_away", at=said) if hole.away else said


def _cell(turn: Turn, shift: Shift, person: Person, acting: list[tuple[Absence, str]]) -> Cell:
    zone = turn.school.zone
    starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    after = (ends.date() - starts.date()).days
    key = "duty_page.hours" if after == 0 else "duty_page.hours_next" if after == 1 else "duty_page.hours_days"
    away = [
        (absence, name)
        for absence, name in acting
        if absence.person_id == person.id and absence.from_at < shift.ends_at and absence.until_at > shift.starts_at
    ]
    return Cell(
        id=shift.id, hours=turn.say(key, start=f"{starts:%H:%M}", end=f"{ends:%H:%M}", days=after),
        name=directory.name_of(person, turn.lang), acting=away[0][1] if away else "", is_away=bool(away),
        is_mine=turn.person is not None and person.id == turn.person.id, is_over=shift.ends_at <= turn.now,
        is_now=shift.starts_at <= turn.now < shift.ends_at,
    )  # fmt: skip


def _waits(turn: Turn) -> tuple[Wait, ...]:
    found = []
    for swap, shift, given in swaps.waiting(turn):
        is_asked = turn.person is not None and swap.to_id == turn.person.id
        if is_asked:
            said = swaps.offer(turn, swap, shift, given).text
        else:
            name = directory.name_of(turn.session.get(Person, swap.to_id), turn.lang)
            area = directory.grid_name(turn.session, shift.path, turn.lang)
            role = wording.role(shift.role, turn.lang, area)
            said = turn.say("swap.waits", name=name, area=area, role=role, shift=shifts.said(turn, shift)).lstrip("· ")
        found.append(Wait(swap.id, said, is_asked))
    return tuple(found)
