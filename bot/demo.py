"""The demo's invented school: its areas, people, duties and shifts, and whom a visitor may be."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final

from handlers import directory, roster
from handlers.roster import ZONE, Area, Counts, Member, School, Session, Task, Watch
from models.absence import Absence
from models.db import Database

GUIDES: Final = Path(__file__).parent / "demo" / "guides"  # what a school's own folder of guides would hold
DAYS: Final = 60  # how far ahead the duty roster is made
FEWEST_DAYS: Final = 14  # with less than this left it is made anew
TURNS: Final = ((time(8), time(20)), (time(20), time(8)))  # a college's day and night
AWAY: Final = "0" * 18 + "away"  # the id of the demo's one absence, so that a second start makes no second one
PSYCH_TURN: Final = time(8)  # a whole day and night from here


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody whom a visitor may be: the school number, the name, and one line about the person."""

    number: str
    name: str
    line: str


@dataclass(frozen=True, slots=True)
class Faces:
    """The short lists of the entry page."""

    students: tuple[Face, ...]
    staff: tuple[Face, ...]


@cache
def _facts() -> Mapping[str, Any]:
    with (Path(__file__).parent / "demo" / "school.toml").open("rb") as file:
        return tomllib.load(file)


# -- the school as values


@cache
def school(today: date) -> School:
    """The whole invented school, the same for the same day; the shifts run from the night before for 60 days."""
    return School(tuple(_areas()), (*_students(), *_staff()), tuple(_duties()), tuple(_shifts(today)))


def _areas() -> Iterator[Area]:
    facts = _facts()
    root = facts["school"]["code"]
    yield Area(root, "academic", "school", facts["school"]["name"], facts["school"]["name_en"])
    for college in facts["college"]:
        yield Area(college["code"], "academic", "college", college["name"], college["name_en"], root, college["phone"])
        for code, name, name_en in college["classes"]:
            yield Area(code, "academic", "class", name, name_en, college["code"])
    for community in facts["community"]:
        yield Area(community["code"], "residential", "community", community["name"], community["name_en"], root)
        for code, name, name_en in community["buildings"]:
            yield Area(code, "residential", "building", name, name_en, community["code"])
            for floor in range(1, community["floors"] + 1):
                said = facts["floor"]["name"].format(building=name, floor=floor)
                said_en = facts["floor"]["name_en"].format(building=name_en, floor=floor)
                yield Area(f"{code}-{floor}", "residential", "floor", said, said_en, code)
    for office in facts["office"]:
        yield Area(office["code"], "office", "office", office["name"], office["name_en"], root, office.get("phone"))


def _names() -> Iterator[tuple[str, str]]:
    """Names in Chinese and English, mixed in a fixed order in which none of the first thousands comes twice."""
    surnames, given = (
        [entry.strip().split(" ", 1) for entry in _facts()["names"][part].split("|")] for part in ("surnames", "given")
    )
    for number in count(1):
        first, last = given[number * 29 % len(given)], surnames[number * 17 % len(surnames)]
        yield last[0] + first[0], f"{last[1]} {first[1]}"


def _students() -> Iterator[Member]:
    facts = _facts()
    names, groups, phones = _names(), count(), count(1)
    for college in facts["college"]:
        for order, (code, _, _) in enumerate(college["classes"], start=1):
            group, known = next(groups), college["first"] if order == 1 else []
            for place in range(1, facts["students_a_class"] + 1):
                name, name_en = known[place - 1] if place <= len(known) else next(names)
                floors = next(row["floors"] for row in facts["community"] if _has(row, college["buildings"][0]))
                yield Member(
                    number=f"2023{college['number']}{order:02}{place:02}", name=name, name_en=name_en, kind="student",
                    academic=code, residential=f"{college['buildings'][(place - 1) % 2]}-{group % floors + 1}",
                    phone=_phone(place_of := next(phones)), guardian_phone=_phone(80_000_000 + place_of),
                )  # fmt: skip


def _has(community: Mapping[str, Any], building: str) -> bool:
    return any(code == building for code, _, _ in community["buildings"])


def _phone(number: int) -> str:
    """A number that belongs to nobody: mobile numbers of China begin with 13 to 19."""
    return f"100{number:08}"


def _staff() -> Iterator[Member]:
    for place, (number, name, name_en, area, _) in enumerate(_facts()["staff"]["rows"]):
        yield Member(
            number=number, name=name, name_en=name_en, kind="staff",
            academic=area, residential="", phone=_phone(90_000_000 + place),
        )  # fmt: skip


def _duties() -> Iterator[Task]:
    for number, _, _, _, duties in _facts()["staff"]["rows"]:
        for duty in duties:
            role, _, area = duty.partition("@")
            yield Task(number, area.rstrip("!"), role, leads=area.endswith("!"), from_on=_facts()["from_on"])
    for number, area in _facts()["staff"]["monitors"]:
        yield Task(number, area, "monitor", from_on=_facts()["from_on"])


def _shifts(today: date) -> Iterator[Watch]:
    """Every college's days and nights, which its counselors take in turn, and the psychological duty round the clock.

    The duty is always the same person's, so that whom the entry page offers is the one whom a call for help reaches.
    """
    duties = list(_duties())
    colleges = {
        college["code"]: _holders(duties, "counselor", {code for code, _, _ in college["classes"]})
        for college in _facts()["college"]
    }
    psych = _holders(duties, "psych-duty", {"psych"})
    for offset in range(-1, DAYS):
        on = today + timedelta(days=offset)
        for code, people in colleges.items():
            for turn, (start, end) in enumerate(TURNS):
                # Who had the day has the next night: over two days each has both.
                number = people[(on.toordinal() + turn) % len(people)]
                yield Watch(number, code, "duty", _at(on, start), _at(on + timedelta(days=turn), end))
        yield Watch(psych[0], "psych", "psych-duty", _at(on, PSYCH_TURN), _at(on + timedelta(days=1), PSYCH_TURN))


def _holders(duties: list[Task], role: str, areas: set[str]) -> list[str]:
    return sorted({duty.number for duty in duties if duty.role == role and duty.area in areas})


def _at(on: date, hour: time) -> datetime:
    return datetime.combine(on, hour, ZONE)


# -- whom a visitor may be


def demo_people(lang: str) -> Faces:
    """A few people to choose from, students and staff, in a language ("zh" or "en")."""
    names = {member.number: member for member in (*_students(), *_staff())}

    def faces(rows: list[list[str]]) -> tuple[Face, ...]:
        english = lang == "en"
        found = ((names[number], line_en if english else line) for number, line, line_en in rows)
        return tuple(Face(who.number, (who.name_en or who.name) if english else who.name, line) for who, line in found)

    return Faces(faces(_facts()["faces"]["students"]), faces(_facts()["faces"]["staff"]))


def name(lang: str) -> str:
    """What the invented school is called."""
    school = _facts()["school"]
    return str(school["name_en"] if lang == "en" else school["name"])


# -- the school in the database


def fill(database: Database, now: datetime) -> Counts:
    """Write the invented school if it is not there, then its shifts; safe to run at every start, and in two processes.

    Two units, so that a start which is cut off between them is completed by the next one.
    """
    whole = replace(school(now.astimezone(ZONE).date()), shifts=())
    root = _facts()["school"]["code"]

    def write(session: Session) -> Counts:
        return Counts() if roster.has_area(session, root) else roster.load(session, now, whole)

    people = database.run(write)
    shifts = database.run(lambda session: top_up(session, now))
    database.run(lambda session: send_away(session, now))
    return Counts(people.added + shifts.added, people.changed + shifts.changed, people.unchanged + shifts.unchanged)


def send_away(session: Session, now: datetime) -> None:
    """Let one person be away for some days, with a stand-in, so that a visitor sees how that looks; once."""
    away, stand_in = (directory.by_number(session, _facts()["staff"]["away"][part]) for part in ("number", "stand_in"))
    if away is None or stand_in is None or session.get(Absence, AWAY) is not None:
        return
    midnight = datetime.combine(now.astimezone(ZONE).date(), time(), ZONE)
    session.add(Absence(
        id=AWAY, person_id=away.id, stand_in_id=stand_in.id, from_at=midnight, until_at=midnight + timedelta(days=5),
        reason="training", by_id=away.id, at=now,
    ))  # fmt: skip


def top_up(session: Session, now: datetime) -> Counts:
    """Make the duty roster of the invented school reach 60 days ahead, once fewer than 14 are left; else do nothing."""
    if not roster.has_area(session, _facts()["school"]["code"]):
        return Counts()
    until_at = roster.rostered_until(session)
    if until_at is not None and until_at - now >= timedelta(days=FEWEST_DAYS):
        return Counts()
    return roster.load(session, now, School(shifts=school(now.astimezone(ZONE).date()).shifts))
