"""What a school's people, areas, duties and shifts look like as plain values, and what can be wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from models.grid import TREES

SCHOOL: Final = "school"
CLASS: Final = "class"
COUNSELOR: Final = "counselor"
KINDS: Final = ("student", "staff")
MOST_PATH: Final = 200  # the width of grid.path

# Codes become parts of a path and of SQL patterns, so they are letters, digits, dots, hyphens and underscores only.
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_ROLE: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_LEVEL: Final = re.compile(r"[a-z][a-z0-9-]{0,15}")
_PHONE: Final = re.compile(r"[0-9+() -]{3,32}")


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the grid; parent is a code, "" for the school itself. phone is its duty line, None when nothing is told."""

    code: str
    tree: str
    level: str
    name: str
    name_en: str = ""
    parent: str = ""
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One person; academic and residential are codes of areas. "" means that there is none, None that nothing is told."""

    number: str
    name: str
    name_en: str | None = None
    kind: str = "student"
    academic: str | None = None
    residential: str | None = None
    phone: str | None = field(default=None, repr=False)
    active: bool = True
    guardian_phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Task:
    """A person answers for an area in a role, both days included; without a first day from the import on."""

    number: str
    area: str
    role: str
    leads: bool = False
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """One turn of the duty roster, between two aware instants."""

    number: str
    area: str
    role: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class School:
    """A school's roster. Each part that is not empty is whole: what it leaves out is no more. An empty part changes nothing."""

    areas: tuple[Area, ...] = ()
    members: tuple[Member, ...] = ()
    duties: tuple[Task, ...] = ()
    shifts: tuple[Watch, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one entry: the part it stands in, its place from 0, and a text key with its values."""

    part: str
    index: int
    key: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """What entries may refer to beside each other: areas as {code: (tree, parent)}, and people's numbers.

    None means that it is not known here (the file is not there), so that references to it are left unchecked.
    """

    areas: Mapping[str, tuple[str, str]] | None
    numbers: frozenset[str] | None


def check(school: School, known: Known) -> list[Mistake]:
    """Everything that is wrong with a roster, in the order of its entries."""
    areas = None if known.areas is None and not school.areas else dict(known.areas or {})
    if areas is not None:
        areas |= {area.code: (area.tree, area.parent) for area in school.areas}
    numbers = known.numbers
    if school.members:
        numbers = (numbers or frozenset()) | {member.number for member in school.members}
    return [
        *_numbered("areas", [[*_area(area, areas or {})] for area in school.areas]),
        *_twice("areas", [(area.code,) for area in school.areas]),
        *_numbered("people", [[*_member(member, areas)] for member in school.members]),
        *_twice("people", [(member.number,) for member in school.members]),
        *_numbered("duties", [[*_refers(duty, areas, numbers), *_task(duty)] for duty in school.duties]),
        *_twice("duties", [(duty.number, duty.area, duty.role, duty.from_on) for duty in school.duties]),
        *_numbered("shifts", [[*_refers(watch, areas, numbers), *_watch(watch)] for watch in school.shifts]),
        *_twice("shifts", [(watch.number, watch.area, watch.role, watch.starts_at) for watch in school.shifts]),
    ]


Wrong = tuple[str, dict[str, object]]


def _numbered(part: str, found: list[list[Wrong]]) -> Iterator[Mistake]:
    for index, entries in enumerate(found):
        yield from (Mistake(part, index, key, values) for key, values in entries)


def _twice(part: str, keys: list[tuple[object, ...]]) -> Iterator[Mistake]:
    first: dict[tuple[object, ...], int] = {}
    for index, key in enumerate(keys):
        if first.setdefault(key, index) != index:
            yield Mistake(part, index, "roster.twice", {"value": key[0], "earlier": first[key] + 1})


def _length(column: str, value: str | None, most: int) -> Iterator[Wrong]:
    if value is not None and len(value) > most:
        yield "roster.too_long", {"column": column, "most": most}


def _shape(column: str, value: str, pattern: re.Pattern[str]) -> Iterator[Wrong]:
    if not value:
        yield "roster.missing", {"column": column}
    elif not pattern.fullmatch(value):
        yield "roster.bad_value", {"column": column, "value": value[:40]}


def _one_of(column: str, value: str, allowed: tuple[str, ...]) -> Iterator[Wrong]:
    if value not in allowed:
        yield "roster.one_of", {"column": column, "value": value[:40], "allowed": ", ".join(allowed)}


def _named(name: str, most: int = 80) -> Iterator[Wrong]:
    if not name:
        yield "roster.missing", {"column": "name"}
    yield from _length("name", name, most)


def _area(area: Area, areas: Mapping[str, tuple[str, str]]) -> Iterator[Wrong]:
    yield from _shape("code", area.code, _CODE)
    yield from _shape("level", area.level, _LEVEL)
    yield from _one_of("tree", area.tree, TREES)
    yield from _named(area.name)
    yield from _length("name_en", area.name_en, 120)
    if area.phone and not _PHONE.fullmatch(area.phone):
        yield "roster.bad_phone", {}
    if not area.parent:
        roots = [code for code, (_, parent) in areas.items() if not parent and code != area.code]
        if roots:
            yield "roster.second_root", {"value": area.code, "root": roots[0]}
        return
    if area.parent not in areas:
        yield "roster.unknown_area", {"column": "parent", "value": area.parent}
        return
    way = lineage(area.code, areas)
    if way is None:
        yield "roster.cycle", {"value": area.code}
    elif len("/".join(way)) + 2 > MOST_PATH:
        yield "roster.too_long", {"column": "path", "most": MOST_PATH}
    tree, above = areas[area.parent]
    # Offices and communities hang directly below the school; from there on a branch stays in its tree.
    if above and tree != area.tree:
        yield "roster.other_tree", {"value": area.code, "tree": tree}


def lineage(code: str, areas: Mapping[str, tuple[str, str]]) -> list[str] | None:
    """The codes from the root down to an area; None where the parents go round in a circle."""
    way: list[str] = []
    while code:
        if code in way:
            return None
        way.insert(0, code)
        code = areas.get(code, ("", ""))[1]
    return way


def _member(member: Member, areas: Mapping[str, tuple[str, str]] | None) -> Iterator[Wrong]:
    yield from _shape("number", member.number, _NUMBER)
    yield from _named(member.name)
    yield from _length("name_en", member.name_en, 80)
    yield from _one_of("kind", member.kind, KINDS)
    if any(number and not _PHONE.fullmatch(number) for number in (member.phone, member.guardian_phone)):
        yield "roster.bad_phone", {}  # The value itself is private and stays out of the sentence.
    if areas is None:
        return
    for column, code in (("academic", member.academic), ("residential", member.residential)):
        if not code:
            continue
        if code not in areas:
            yield "roster.unknown_area", {"column": column, "value": code}
        elif areas[code][0] != column and not (column == "academic" and areas[code][0] == "office"):
            yield "roster.other_tree", {"value": code, "tree": areas[code][0]}


def _refers(
    entry: Task | Watch, areas: Mapping[str, tuple[str, str]] | None, numbers: frozenset[str] | None
) -> Iterator[Wrong]:
    yield from _shape("number", entry.number, _NUMBER)
    yield from _shape("role", entry.role, _ROLE)
    if not entry.area:
        yield "roster.missing", {"column": "area"}
    elif areas is not None and entry.area not in areas:
        yield "roster.unknown_area", {"column": "area", "value": entry.area}
    if numbers is not None and entry.number and entry.number not in numbers:
        yield "roster.unknown_person", {"value": entry.number}


def _task(task: Task) -> Iterator[Wrong]:
    if task.from_on and task.until_on and task.until_on < task.from_on:
        yield "roster.backwards", {"first": "from_on", "last": "until_on"}


def _watch(watch: Watch) -> Iterator[Wrong]:
    if watch.starts_at >= watch.ends_at:
        yield "roster.backwards", {"first": "starts_at", "last": "ends_at"}
