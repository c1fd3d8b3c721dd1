"""Writes a school's people, areas, duties and shifts from plain values; a second run of the same changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.orm import Session

from handlers.roster_brake import brake, counselors
from handlers.roster_values import (
    Area,
    Known,
    Member,
    Mistake,
    School,
    Task,
    Watch,
    check,
    lineage,
)
from models.base import new_id
from models.db import seal_of
from models.grid import Duty, Grid, Shift
from models.message import Refused
from models.person import Person

# Session is among them because bot names it where it passes one on, and does not import SQLAlchemy itself.
__all__ = [
    "ZONE", "Area", "Counts", "Known", "Member", "Mistake", "School", "Session", "Task", "Watch",
    "check", "has_area", "load", "rostered_until",
]  # fmt: skip

ZONE: Final = ZoneInfo("Asia/Shanghai")
MOST_LEAVING: Final = 0.1  # share of people; more at once is more likely a wrong file than a wave of leaving (IM-08)


@dataclass(slots=True)
class Counts:
    """What an import did: entries added, changed (also ended duties and dropped shifts), unchanged; people who left.

    told: the same by entry, as (part, what, key): part as in School, what is added, changed, ended or left.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0
    told: list[tuple[str, str, str]] = field(default_factory=list, compare=False)

    def note(self, changed: bool, part: str, key: str) -> None:
        """Count one entry that was there before."""
        if changed:
            self.changed += 1
            self.told.append((part, "changed", key))
        else:
            self.unchanged += 1

    def end(self, part: str, key: str) -> None:
        """Count one entry that is missing from the list and ends."""
        self.changed += 1
        self.told.append((part, "ended", key))


def load(session: Session, now: datetime, school: School, *, force: bool = False, zone: ZoneInfo = ZONE) -> Counts:
    """Write a roster, all of it or nothing: entries are found again by number, code, and whom they are for.

    Parts that are empty are left as they are. Nobody is deleted: people who are missing from the list become inactive,
    missing duties end now, and missing shifts are dropped where they are still to come and the list covers their time.
    Raises Refused with `part` and `row` (from 1) for the first entry that is wrong; and, unless forced, when more than
    a tenth of the people would leave, a class would lose its counselor, or one counselor would get most classes.
    """
    grids = {grid.code: grid for grid in session.scalars(select(Grid))}
    people = {person.number: person for person in session.scalars(select(Person))}
    codes = {code: (grid.tree, _parent(grid)) for code, grid in grids.items()}
    for mistake in check(school, Known(codes, frozenset(people))):
        raise Refused(mistake.key, part=mistake.part, row=mistake.index + 1, **mistake.values)
    counts = Counts()
    before = counselors(session, now)
    paths = _load_areas(session, now, school.areas, grids, codes, counts)
    ids = _load_people(session, now, school.members, people, paths, counts, force=force)
    _load_duties(session, now, school.duties, ids, paths, counts, zone)
    _load_shifts(session, now, school.shifts, ids, paths, counts, zone)
    session.flush()
    if not force:
        brake(session, before, counselors(session, now))
    return counts


def has_area(session: Session, code: str) -> bool:
    """Whether an area of this code is there."""
    return bool(session.execute(select(exists().where(Grid.code == code))).scalar())


def rostered_until(session: Session) -> datetime | None:
    """When the last shift ends, None where there is none."""
    return session.execute(select(func.max(Shift.ends_at))).scalar()


def _parent(grid: Grid) -> str:
    above = grid.ancestors()[1:2]
    return _code(above[0]) if above else ""


def _code(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _update(row: object, values: Mapping[str, Any]) -> bool:
    """Set what differs; whether anything did."""
    different = {key: value for key, value in values.items() if getattr(row, key) != value}
    for key, value in different.items():
        setattr(row, key, value)
    return bool(different)


def _insert(
    session: Session,
    table: type[Grid | Person | Duty | Shift],
    rows: dict[str, dict[str, Any]],
    counts: Counts,
    part: str,
) -> None:
    """Write new rows, given by the key under which they are told."""
    if rows:
        session.execute(insert(table), list(rows.values()))
        counts.added += len(rows)
        counts.told += [(part, "added", key) for key in rows]


def _load_areas(
    session: Session, now: datetime, areas: Iterable[Area], grids: dict[str, Grid],
    codes: dict[str, tuple[str, str]], counts: Counts,
) -> dict[str, str]:  # fmt: skip
    """Write the areas; the paths of all areas by code. An area never moves, because tickets refer to its path."""
    told = tuple(areas)
    codes = codes | {area.code: (area.tree, area.parent) for area in told}
    paths = {code: grid.path for code, grid in grids.items()}
    new: dict[str, dict[str, Any]] = {}
    for index, area in enumerate(told):
        path = "/" + "/".join(lineage(area.code, codes) or ()) + "/"
        old = grids.get(area.code)
        phone = (old.phone if old is not None else "") if area.phone is None else area.phone
        values = {"level": area.level, "name": area.name, "name_en": area.name_en, "phone": phone}
        if old is None:
            new[area.code] = {"id": new_id(now), "code": area.code, "tree": area.tree, "path": path, **values}
            paths[area.code] = path
        elif (old.path, old.tree) != (path, area.tree):
            raise Refused("roster.moved", part="areas", row=index + 1, value=area.code, path=old.path)
        else:
            counts.note(_update(old, values), "areas", area.code)
    _insert(session, Grid, new, counts, "areas")
    return paths


def _load_people(
    session: Session, now: datetime, members: tuple[Member, ...], people: dict[str, Person], paths: dict[str, str],
    counts: Counts, *, force: bool,
) -> dict[str, str]:  # fmt: skip
    """Write the people; the row ids of all by number."""
    ids = {number: person.id for number, person in people.items()}
    if not members:
        return ids
    active = {number for number, person in people.items() if person.active}
    leaving = active - {member.number for member in members if member.active}
    if not force and len(leaving) > len(active) * MOST_LEAVING:
        raise Refused("roster.brake_people", left=len(leaving), all=len(active))
    new: dict[str, dict[str, Any]] = {}
    for member in members:
        old = people.get(member.number)
        ids.setdefault(member.number, old.id if old else new_id(now))
        values = _columns(session, member, ids[member.number], old, paths)
        if old is None:
            new[member.number] = {"id": ids[member.number], "number": member.number, "lang": "", **values}
            continue
        changed = _update(old, values)
        if member.number not in leaving:
            counts.note(changed, "people", member.number)
    for number in sorted(leaving):
        people[number].active = False
        counts.told.append(("people", "left", number))
    counts.left += len(leaving)
    _insert(session, Person, new, counts, "people")
    return ids


def _columns(
    session: Session, member: Member, person_id: str, old: Person | None, paths: dict[str, str]
) -> dict[str, Any]:
    """A member as columns of the table; what is not told stays as it was."""
    values: dict[str, Any] = {"name": member.name, "kind": member.kind, "active": member.active}
    values["name_en"] = (old.name_en if old else "") if member.name_en is None else member.name_en
    for column, code in (("academic_path", member.academic), ("residential_path", member.residential)):
        values[column] = (getattr(old, column) if old else None) if code is None else paths.get(code)
    for column, number in (("phone", member.phone), ("guardian_phone", member.guardian_phone)):
        values[column] = kept = getattr(old, column) if old else None
        if number is not None:
            seal, place = seal_of(session), f"person.{column}:{person_id}"
            # A sealed value differs each time it is made, so the phone is sealed anew only when the number changed.
            if number != (seal.open(place, kept) if kept else ""):
                values[column] = seal.close(place, number) if number else None
    return values


def _load_duties(
    session: Session, now: datetime, tasks: tuple[Task, ...], ids: dict[str, str], paths: dict[str, str],
    counts: Counts, zone: ZoneInfo,
) -> None:  # fmt: skip
    """Write the duties: one with a first day is found by that day, one without by being in force."""
    if not tasks:
        return
    duties = list(session.scalars(select(Duty).order_by(Duty.from_at)))
    begun = {(duty.person_id, duty.path, duty.role, duty.from_at): duty for duty in duties}
    open_now = {
        (duty.person_id, duty.path, duty.role): duty for duty in duties if not duty.until_at or duty.until_at > now
    }
    numbers = {person_id: number for number, person_id in ids.items()}
    kept: set[str] = set()
    new: dict[str, dict[str, Any]] = {}
    for task in tasks:
        said = f"{task.number} {task.role}@{task.area}"
        key = (ids[task.number], paths[task.area], task.role)
        from_at = _midnight(task.from_on, zone)
        until_at = _midnight(task.until_on + timedelta(days=1) if task.until_on else None, zone)
        old = begun.get((*key, from_at)) if from_at else open_now.get(key)
        if old is not None:
            kept.add(old.id)
            counts.note(_update(old, {"leads": task.leads, "until_at": until_at}), "duties", said)
        elif from_at is None and until_at is not None and until_at <= now:
            counts.unchanged += 1  # It was over before this import saw it first, or an earlier one saw it end.
        else:
            row = dict(zip(("person_id", "path", "role"), key, strict=True))
            if said in new:  # The same duty may come twice, on other days.
                said = f"{said} {task.from_on}"
            new[said] = {"id": new_id(now), **row, "leads": task.leads, "from_at": from_at or now, "until_at": until_at}
    for duty in duties:
        if duty.id in kept or (duty.until_at and duty.until_at <= now):
            continue
        counts.end("duties", f"{numbers[duty.person_id]} {duty.role}@{_code(duty.path)}")
        if duty.from_at > now:
            session.delete(duty)
        else:
            duty.until_at = now
    _insert(session, Duty, new, counts, "duties")


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone)


def _load_shifts(
    session: Session, now: datetime, watches: tuple[Watch, ...], ids: dict[str, str], paths: dict[str, str],
    counts: Counts, zone: ZoneInfo,
) -> None:  # fmt: skip
    """Write the shifts; for each area and role that is named, they replace what is to come in the time they cover."""
    if not watches:
        return
    first, last = min(watch.starts_at for watch in watches), max(watch.ends_at for watch in watches)
    shifts = list(session.scalars(select(Shift).where(Shift.starts_at >= first, Shift.starts_at < last)))
    found = {(shift.person_id, shift.path, shift.role, shift.starts_at): shift for shift in shifts}
    covered: dict[tuple[str, str], tuple[datetime, datetime]] = {}
    kept: set[str] = set()
    new: dict[str, dict[str, Any]] = {}
    for watch in watches:
        place = (paths[watch.area], watch.role)
        start, end = covered.get(place, (watch.starts_at, watch.ends_at))
        covered[place] = (min(start, watch.starts_at), max(end, watch.ends_at))
        old = found.get((ids[watch.number], *place, watch.starts_at))
        said = f"{watch.number} {watch.role}@{watch.area} {watch.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"
        if old is not None:
            kept.add(old.id)
            counts.note(_update(old, {"ends_at": watch.ends_at}), "shifts", said)
        else:
            row = {"id": new_id(now), "person_id": ids[watch.number], "path": place[0], "role": place[1]}
            new[said] = {**row, "starts_at": watch.starts_at, "ends_at": watch.ends_at}
    numbers = {person_id: number for number, person_id in ids.items()}
    dropped = []
    for shift in shifts:
        start, end = covered.get((shift.path, shift.role), (last, last))
        if shift.id not in kept and shift.starts_at > now and start <= shift.starts_at < end:
            dropped.append(shift.id)
            from_ = f"{shift.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"
            counts.end("shifts", f"{numbers[shift.person_id]} {shift.role}@{_code(shift.path)} {from_}")
    for begin in range(0, len(dropped), 500):
        session.execute(delete(Shift).where(Shift.id.in_(dropped[begin : begin + 500])))
    _insert(session, Shift, new, counts, "shifts")
