"""Complaints about an office or a college as a whole (投诉后勤处, 「计算机学院乱收费」): which ones words name, and who is one.

An office is everybody who belongs to it; a college is whoever leads it, since who works under them is kept out along with them.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, bindparam, func, or_, select

from handlers import superiors
from handlers.turn import Turn
from handlers.understand import colleges
from handlers.understand.accused import Named
from handlers.understand.complaints import Reading
from handlers.understand.offices import YOURS, short_of
from models.absence import Absence
from models.base import Instant
from models.grid import Duty, Grid, Shift
from models.item import Item
from models.person import Person

MARK: Final = "office:"  # begins what stands for an office among people's ids
_NOW: Final = bindparam("now", type_=Instant())
_COLLEGE: Final = "college"  # the level of the areas that are read as such
_OFFICES: Final = (
    select(Grid.path, Grid.name, Grid.name_en, Grid.code, Grid.level)
    .where(or_(Grid.tree == "office", and_(Grid.tree == "academic", Grid.level == _COLLEGE)))
    .order_by(Grid.path)
)
_IS_COLLEGE: Final = select(Grid.id).where(Grid.path == bindparam("path"), Grid.level == _COLLEGE)
_LEADERS: Final = select(Duty.person_id).join(Person, Person.id == Duty.person_id).where(
    Duty.path == bindparam("path"), or_(Duty.leads, Duty.role.in_(superiors.POSTS)), Person.kind == "staff",
    Duty.from_at <= _NOW, or_(Duty.until_at.is_(None), Duty.until_at > _NOW),
)  # fmt: skip
_BELOW_DUTY: Final = func.substr(Duty.path, 1, func.length(bindparam("path"))) == bindparam("path")
_BELOW_SHIFT: Final = func.substr(Shift.path, 1, func.length(bindparam("path"))) == bindparam("path")
_MEMBERS: Final = (
    select(Duty.person_id)
    .join(Person, Person.id == Duty.person_id)
    .where(
        _BELOW_DUTY, Person.kind == "staff", Duty.from_at <= _NOW, or_(Duty.until_at.is_(None), Duty.until_at > _NOW)
    )
    .union(select(Shift.person_id).where(_BELOW_SHIFT, Shift.starts_at <= _NOW, Shift.ends_at > _NOW))
)
_HELD: Final = select(Duty.path).where(Duty.person_id.in_(bindparam("ids", expanding=True))).distinct()
_STAND_INS: Final = select(Absence.stand_in_id).where(
    Absence.person_id.in_(bindparam("ids", expanding=True)), Absence.from_at <= _NOW, Absence.until_at > _NOW,
    Absence.stand_in_id.is_not(None),
)  # fmt: skip


def named_in(turn: Turn, item: Item, words: str, person: Person | None = None) -> list[Named]:
    """The offices and colleges whose names stand in words, each as one who may be complained of; with the item's own where
    it is spoken to (你们部门), and the college of whoever writes (我们学院)."""
    found = []
    rows = turn.session.execute(_OFFICES).all()
    known, small = tuple(row.name for row in rows if row.level == _COLLEGE), words.lower()
    for path, name, name_en, code, level in rows:
        if level == _COLLEGE:
            ours = colleges.OURS if person is not None and (person.academic_path or "").startswith(path) else ()
            begins = name[:2] in words or (
                name_en and name_en.lower() in small
            )  # Of most colleges no more is looked at.
            said = (*(colleges.names_of(name, name_en or "", known) if begins else ()), *ours)
            names = tuple(each for each in said if each.lower() in small)
            found += [Named(f"{MARK}{path}", names, office=True, college=True)] if names else []
            continue
        spoken = YOURS if item.tree == "office" and code == item.office else ()
        names = tuple(each for each in (name, name_en, *spoken) if each and each.lower() in words.lower())
        short = short_of(name)
        short = short if short and short in words else ""
        if names or short:
            found.append(Named(f"{MARK}{path}", names, office=True, short=short))
    return found


def members(turn: Turn, path: str) -> frozenset[str]:
    """The ids of everybody who leads, works or is on duty in an office or below it now, and of who stands in for them; of a
    college, of whoever leads it, or of everybody there where nobody does."""
    values = {"path": path, "now": turn.now}
    is_college = turn.session.execute(_IS_COLLEGE, {"path": path}).first() is not None
    ids = set(turn.session.execute(_LEADERS, values).scalars()) if is_college else set[str]()
    ids = ids or set(turn.session.execute(_MEMBERS, values).scalars())
    if ids:
        acting = turn.session.execute(_STAND_INS, {"ids": sorted(ids), "now": turn.now}).scalars()
        ids |= {str(each) for each in acting}
    return frozenset(ids)


def whom(turn: Turn, found: Reading, person: Person | None) -> Reading:
    """The same with people in place of offices; never whoever writes."""

    def people(ids: frozenset[str]) -> frozenset[str]:
        offices = {each for each in ids if each.startswith(MARK)}
        named = (members(turn, each.removeprefix(MARK)) for each in offices)
        return (ids - offices).union(*named) - ({person.id} if person is not None else frozenset())

    sure = people(found.sure)
    return Reading(sure, people(found.unsure) - sure)


def called(turn: Turn, ids: frozenset[str]) -> tuple[list[str], frozenset[str]]:
    """The offices all of whose people, two at least, are among these; and who is left. For sentences that would else name
    everybody of an office."""
    names: list[str] = []
    left = ids
    if len(ids) < 2:
        return names, left
    held = set(turn.session.execute(_HELD, {"ids": sorted(ids)}).scalars())
    for path, name, name_en, *_ in turn.session.execute(_OFFICES):
        inside = members(turn, path) if any(each.startswith(path) for each in held) else frozenset[str]()
        if len(inside) > 1 and inside <= ids:
            names.append((name_en if turn.lang == "en" else "") or name)
            left -= inside
    return names, left


def asked(turn: Turn, item: Item, words: str, ids: frozenset[str]) -> tuple[list[str], frozenset[str]]:
    """The offices of which words may complain, of whose people these are all; and who is left. As a question names them."""
    names: list[str] = []
    left = ids
    for each in named_in(turn, item, words, turn.person):
        inside = members(turn, each.id.removeprefix(MARK))
        if inside and inside <= ids:
            names.append(_name(turn, each.id.removeprefix(MARK)))
            left -= inside
    return names, left


def _name(turn: Turn, path: str) -> str:
    row = turn.session.execute(select(Grid.name, Grid.name_en).where(Grid.path == path)).one()
    return (row.name_en if turn.lang == "en" else "") or str(row.name)
