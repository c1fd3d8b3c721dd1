"""The grid: one area, what lies in it, and who answers for each in which role; vacancies are marked; search by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from handlers import directory, powers, wording
from handlers.duties import up
from handlers.turn import Turn
from models.absence import Absence
from models.grid import Duty, Grid
from models.message import Refused
from models.meta import audit
from models.person import Person

MOST: Final = 100
SOON: Final = timedelta(days=60)  # roles that begin later are shown on the person's page only
MOST_VACANT: Final = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a role: until says when it ends, "" for good; note: begins later, is away, who stands in."""

    number: str
    name: str
    role: str
    leads: bool
    until: str
    note: str


@dataclass(frozen=True, slots=True)
class Area:
    """One area with who answers for it. vacant: roles that nobody holds here or above. inside: areas right below."""

    path: str
    code: str
    name: str
    level: str
    phone: str
    holders: tuple[Holder, ...]
    vacant: tuple[str, ...]
    students: int
    inside: int


@dataclass(frozen=True, slots=True)
class Page:
    """The page: the way down from the school (path, name), the area itself, what lies in it, or what a search found."""

    way: tuple[tuple[str, str], ...]
    here: Area | None
    areas: tuple[Area, ...]
    more: int
    may_edit: bool
    vacancies: int


def look(turn: Turn, path: str = "", words: str = "", *, vacant: bool = False) -> Page | None:
    """An area with what lies right below it; or what words find by name, code or holder; or where a role is vacant.

    None for an area that is not there. Refused for whoever is not staff.
    """
    if turn.person is None or turn.person.kind != "staff":
        raise Refused("ticket.not_found")
    root = directory.root_path(turn.session)
    needed = _needed(turn)
    bare = _vacancies(turn, needed)
    if words or vacant:
        found, count = _named(turn, words) if words else _bare(turn, bare)
        return Page(((root, _name(turn, root)),), None, _areas(turn, found, bare), count - len(found), False, len(bare))
    here = turn.session.execute(select(Grid).where(Grid.path == (path or root))).scalar()
    if here is None:
        return None
    below = select(Grid).where(Grid.path.startswith(here.path, autoescape=True), _depth() == here.path.count("/") + 1)
    count = turn.session.execute(select(func.count()).select_from(below.subquery())).scalar_one()
    rows = list(turn.session.execute(below.order_by(Grid.tree, Grid.path).limit(MOST)).scalars())
    way = tuple((each, _name(turn, each)) for each in reversed(up(here.path)))
    areas = _areas(turn, [here, *rows], bare)
    return Page(way, areas[0], areas[1:], count - len(rows), powers.leads_area(turn, here.path), len(bare))


def set_phone(turn: Turn, path: str, phone: str) -> None:
    """Set the duty line of an area; "" takes it away. Refused for whoever does not lead it, and for what is no number."""
    grid = turn.session.execute(select(Grid).where(Grid.path == path).with_for_update()).scalar()
    if grid is None or not powers.leads_area(turn, path):
        raise Refused("roles.not_yours")
    phone = phone.strip()
    if phone and (len(phone) > 32 or not set(phone) <= set("0123456789+()- ") or sum(map(str.isdigit, phone)) < 3):
        raise Refused("grid_page.bad_phone")
    grid.phone = phone
    turn.session.flush()
    audit(turn.session, turn.now, turn.person.id if turn.person else None, "duty_line_set", path[:64])


# -- what is there


def _depth() -> ColumnElement[int]:
    return func.length(Grid.path) - func.length(func.replace(Grid.path, "/", ""))


def _name(turn: Turn, path: str) -> str:
    return directory.grid_name(turn.session, path, turn.lang)


def _named(turn: Turn, words: str) -> tuple[list[Grid], int]:
    """Areas whose name or code holds the words, and those that somebody of that name or number answers for."""
    like = words.strip()[:40]
    held = select(Duty.path).join(Person, Person.id == Duty.person_id).where(
        or_(Person.name.contains(like, autoescape=True), Person.number == like),
        Person.active, or_(Duty.until_at.is_(None), Duty.until_at > turn.now),
    )  # fmt: skip
    found = select(Grid).where(
        or_(
            Grid.name.contains(like, autoescape=True), Grid.name_en.icontains(like, autoescape=True),
            Grid.code == like, Grid.path.in_(held),
        )
    )  # fmt: skip
    count = turn.session.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    return list(turn.session.execute(found.order_by(Grid.path).limit(MOST)).scalars()), count


def _bare(turn: Turn, bare: dict[str, list[str]]) -> tuple[list[Grid], int]:
    found = select(Grid).where(Grid.path.in_(sorted(bare)[:MOST])).order_by(Grid.path)
    return list(turn.session.execute(found).scalars()), len(bare)


def _areas(turn: Turn, grids: Iterable[Grid], bare: dict[str, list[str]]) -> tuple[Area, ...]:
    grids = list(grids)
    paths = [grid.path for grid in grids]
    holders = _holders(turn, paths)
    counts = _counts(turn, grids)
    return tuple(
        Area(
            path=grid.path, code=grid.code, name=(grid.name_en or grid.name) if turn.lang == "en" else grid.name,
            level=wording.level(grid.level, turn.lang), phone=grid.phone, holders=tuple(holders.get(grid.path, ())),
            vacant=tuple(wording.role(role, turn.lang) for role in bare.get(grid.path, ())),
            students=counts[grid.path][0], inside=counts[grid.path][1],
        )
        for grid in grids
    )  # fmt: skip


def _holders(turn: Turn, paths: list[str]) -> dict[str, list[Holder]]:
    stand_in = aliased(Person)
    rows = turn.session.execute(
        select(Duty, Person, Absence.id, stand_in)
        .join(Person, Person.id == Duty.person_id)
        .outerjoin(
            Absence,
            and_(Absence.person_id == Person.id, Absence.from_at <= turn.now, Absence.until_at > turn.now),
        )
        .outerjoin(stand_in, stand_in.id == Absence.stand_in_id)
        .where(
            Duty.path.in_(paths), Person.active, Duty.from_at < turn.now + SOON,
            or_(Duty.until_at.is_(None), Duty.until_at > turn.now),
        )
        .order_by(Duty.leads.desc(), Duty.role, Duty.from_at, Person.number)
    ).all()  # fmt: skip
    found: dict[str, list[Holder]] = defaultdict(list)
    for duty, person, absence_id, other in rows:
        note = ""
        if duty.from_at > turn.now:
            note = turn.say("grid_page.from", at=_day(turn, duty.from_at))
        elif absence_id is not None:
            name = directory.name_of(other, turn.lang)
            note = turn.say("grid_page.acting", name=name) if name else turn.say("grid_page.away")
        until = _day(turn, duty.until_at - timedelta(seconds=1)) if duty.until_at is not None else ""
        found[duty.path].append(
            Holder(
                person.number,
                directory.name_of(person, turn.lang),
                wording.role(duty.role, turn.lang),
                duty.leads,
                until,
                note,
            )
        )
    return found


def _day(turn: Turn, at: datetime) -> str:
    return wording.day(at.astimezone(turn.school.zone).date(), turn.lang, turn.today)


def _counts(turn: Turn, grids: list[Grid]) -> dict[str, tuple[int, int]]:
    """How many students stand in each area or below, and how many areas lie right below; a look at each table once."""
    found = {grid.path: [0, 0] for grid in grids}
    trees = {grid.path: grid.tree for grid in grids}
    for tree, column in (("academic", Person.academic_path), ("residential", Person.residential_path)):
        lived = select(column, func.count()).where(Person.kind == "student", Person.active, column.is_not(None))
        for path, count in turn.session.execute(lived.group_by(column)):
            for above in up(path or "/"):
                if trees.get(above) == tree:
                    found[above][0] += count
    for path in turn.session.execute(select(Grid.path)).scalars():
        above = path.rstrip("/").rpartition("/")[0] + "/"
        if above in found:
            found[above][1] += 1
    return {path: (students, inside) for path, (students, inside) in found.items()}


# -- what is vacant


def _needed(turn: Turn) -> dict[str, set[str]]:
    """The roles that the service items ask for, by tree; for an office by its code."""
    found: dict[str, set[str]] = defaultdict(set)
    for item in turn.school.catalogue.items.values():
        for row in item.route:
            if row.office:
                found[row.office].add(row.answers_by or item.answers_by)
        if item.tree == "office":
            found[item.office].add(item.answers_by)
        else:
            found[item.tree].add(item.answers_by)
            found[item.tree] |= {signature.role for signature in item.approval}
    return found


def _vacancies(turn: Turn, needed: dict[str, set[str]]) -> dict[str, list[str]]:
    """Where a role that is needed is held by nobody, there or above: classes and floors with students, and offices."""
    held: dict[str, set[str]] = defaultdict(set)
    in_force = select(Duty.role, Duty.path).join(Person, Person.id == Duty.person_id).where(
        Person.active, Duty.from_at <= turn.now, or_(Duty.until_at.is_(None), Duty.until_at > turn.now)
    )  # fmt: skip
    for role, path in turn.session.execute(in_force):
        held[role].add(path)
    found: dict[str, list[str]] = defaultdict(list)
    for tree, column in (("academic", Person.academic_path), ("residential", Person.residential_path)):
        lived = exists().where(Person.kind == "student", Person.active, column == Grid.path)
        paths = turn.session.execute(select(Grid.path).where(Grid.tree == tree, lived)).scalars().all()
        for path in paths:
            for role in sorted(needed.get(tree, ())):
                if not held[role] & set(up(path)) and len(found) < MOST_VACANT:
                    found[path].append(role)
    offices = select(Grid.code, Grid.path).where(Grid.tree == "office", Grid.code.in_(needed))
    for code, path in turn.session.execute(offices):
        for role in sorted(needed[code]):
            if not held[role] & set(up(path)):
                found[path].append(role)
    return found
