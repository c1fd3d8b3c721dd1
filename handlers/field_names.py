"""People of one's own class as an answer, by their names or as the whole class; and names that belong to no number of a list."""

from __future__ import annotations

from typing import Final

from sqlalchemy import or_, select

from handlers.turn import Turn
from handlers.understand.people import apart, is_name, may_be_name, read_people, split
from models.grid import Duty
from models.message import Refused
from models.person import Person

SHOWN: Final = 5  # names that are told where some are wrong


def by_name(turn: Turn, words: str) -> list[str]:
    """The numbers of classmates who are called by their names, or of the whole class where a class officer says so.

    Somebody of another class is named by the number, since a name tells nobody whose number that is. Raises Refused:
    nobody is named, nobody in the class is called so, two are, or the whole class is not the speaker's to put down.
    """
    said = read_people(words)
    mates = classmates(turn)
    if said.whole:
        if not _is_officer(turn):
            raise Refused("form.whole_class")
        out = _numbers(turn, mates, said.but)
        going = [mate.number for mate in mates if mate.number not in out]
        if not going:
            raise Refused("form.no_people")
        return going
    known = {name for mate in mates for name in (mate.name, mate.name_en) if name}
    if not any(name in known for part in said.names for name in (part, *apart(part))):
        raise Refused("form.no_people")
    return _numbers(turn, mates, said.names)


def check_beside(turn: Turn, words: str, numbers: list[str]) -> None:
    """Refuse a list on which somebody is named whose number is not there: it is mistyped, or was forgotten."""
    parts = list(dict.fromkeys(name for part in split(words) for name in (part, *apart(part)) if is_name(name)))
    if not parts:
        return
    here = select(Person.number, Person.name, Person.name_en).where(
        Person.kind == "student", Person.active, or_(Person.name.in_(parts), Person.name_en.in_(parts))
    )
    rows = turn.session.execute(here).all()
    fits = {name for row in rows if row.number in numbers for name in (row.name, row.name_en)}
    called = {name for row in rows for name in (row.name, row.name_en)}
    lost = [name for name in parts if name in called - fits]
    # A name of nobody here may stand beside a number whose owner is called otherwise (a short form); never beside none.
    strange = [part for part in split(words) if part not in called and may_be_name(part)]
    bare = len(set(numbers) - {row.number for row in rows})
    if lost or len(strange) > bare:
        lost = lost or strange
        raise Refused("form.people_apart", names=turn.say("form.or").join(lost[:SHOWN]), count=len(lost))


def classmates(turn: Turn) -> list[Person]:
    """The students of the speaker's own class, the speaker among them; nobody for whoever has none."""
    me = turn.person
    if me is None or not me.academic_path:
        return []
    here = select(Person).where(Person.academic_path == me.academic_path, Person.kind == "student", Person.active)
    return list(turn.session.execute(here.order_by(Person.number)).scalars())


def _is_officer(turn: Turn) -> bool:
    me = turn.person
    if me is None or not me.academic_path:
        return False
    held = select(Duty.id).where(
        Duty.person_id == me.id, Duty.path == me.academic_path, Duty.from_at <= turn.now,
        or_(Duty.until_at.is_(None), Duty.until_at > turn.now),
    )  # fmt: skip
    return turn.session.execute(held.limit(1)).first() is not None


def _numbers(turn: Turn, mates: list[Person], names: tuple[str, ...]) -> list[str]:
    """The numbers of those who are called so, each once; Refused where one is not in the class, or two are called so."""
    found: list[str] = []
    lost: list[str] = []
    for part in names:
        whole = [mate for mate in mates if part in (mate.name, mate.name_en)]
        for name in (part,) if whole else apart(part):
            called = [mate for mate in mates if name in (mate.name, mate.name_en)]
            if len(called) > 1:
                raise Refused("form.same_name", name=name)
            found += [mate.number for mate in called]
            lost += [] if called else [name]
    if lost:
        raise Refused("form.unknown_names", names=turn.say("form.or").join(lost[:SHOWN]), count=len(lost))
    return list(dict.fromkeys(found))
