"""Whom a matter complains of (all items but those with conflict = "off"): the staff around whoever asks, put to the words of a form.

What somebody answered when asked whether it is about them travels with the answers, under a key that no field has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import BindParameter, String, bindparam, func, or_, select

from handlers import complained_offices, duties, routing, superiors
from handlers.turn import Turn
from handlers.understand.accused import Named
from handlers.understand.complaints import Reading, complains, may_complain, read_complaint
from models.absence import Absence
from models.base import Instant
from models.grid import Duty, Grid, Shift
from models.item import Item
from models.person import Person
from models.unit import known

ABOUT: Final = "_about"  # as a key of answers: the ids of those whom it was said to be about, once that was asked
MOST: Final = 6_000  # characters that are looked through
_NOTHING: Final = Reading(frozenset(), frozenset())
_PATHS: BindParameter[list[str]] = bindparam("paths", expanding=True)
_WORDS: BindParameter[str] = bindparam("words", type_=String)
_NOW = bindparam("now", type_=Instant())
_DUTIES = (
    select(Duty.person_id, Duty.role)
    .join(Person, Person.id == Duty.person_id)
    .where(Duty.path.in_(_PATHS), Person.kind == "staff", duties.ANSWERS)
)
_SHIFTS = select(Shift.person_id, Shift.role).where(
    Shift.path.in_(_PATHS), Shift.starts_at <= _NOW, Shift.ends_at > _NOW
)
_STAND_INS = select(Absence.stand_in_id).where(
    Absence.person_id.in_(bindparam("ids", expanding=True)), Absence.from_at <= _NOW, Absence.until_at > _NOW,
    Absence.stand_in_id.is_not(None),
)  # fmt: skip
# Whoever is named in full is found wherever they work: a complaint may be given to anybody later.
_IN_FULL = select(Person).where(
    Person.kind == "staff", Person.active, func.length(Person.name) > 1, or_(
        _WORDS.contains(Person.name), (func.length(Person.name_en) > 3) & func.lower(_WORDS).contains(func.lower(Person.name_en)),
    ),
)  # fmt: skip
_PEOPLE = select(Person).where(Person.id.in_(bindparam("ids", expanding=True)), Person.kind == "staff")


def read(turn: Turn, item: Item, person: Person | None, answers: Mapping[str, Any]) -> Reading:
    """Of whom the words of these answers complain (`said_of`), with whoever works under those who are sure.

    person: who asks. Nothing for an item with conflict = "off", and of nobody's own complaint about themselves.
    """
    found = said_of(turn, item, person, answers)
    if not found.sure:
        return found
    item = routing.routed(turn, item, answers)
    return found._replace(sure=found.sure | under(turn, item, person, found.sure))


def said_of(turn: Turn, item: Item, person: Person | None, answers: Mapping[str, Any]) -> Reading:
    """Of whom the very words complain, as it stands after what was asked: a yes is sure, a no is none."""
    words, found = heard(turn, item, answers), _NOTHING
    if not words and ABOUT not in answers:
        return found
    if words:
        found = read_words(turn, routing.routed(turn, item, answers), person, words)
    if ABOUT in answers:
        found = Reading(found.sure | frozenset(answers[ABOUT] or ()), frozenset())
    return found


def under(turn: Turn, item: Item, person: Person | None, about: frozenset[str]) -> frozenset[str]:
    """Those around a matter who work under one whom it is about: they neither get nor see it, either."""
    return superiors.below(turn, about, _roles(turn, item, person)) - about if about else about


def read_later(turn: Turn, item: Item, person: Person | None, words: str) -> frozenset[str]:
    """Whom words that come later complain of, with whoever works under them. Nobody can be asked then, so it is taken for
    a yes where the words complain at all; a mere question (「韩老师还没批」) remains one."""
    found = read_words(turn, item, person, words)
    about = found.sure | (found.unsure if found.unsure and complains(words) else frozenset())
    return about | under(turn, item, person, about)


def heard(turn: Turn, item: Item, answers: Mapping[str, Any]) -> str:
    """What was written freely and may complain of somebody; "" in nearly every form, without a query. A cry for help goes
    to whoever is there, whatever it says."""
    words = free_words(item, answers) if item.conflict == "words" and not item.urgent else ""
    if not words:
        return ""
    looked = known(turn.session, "complaints")
    if words not in looked:
        looked[words] = may_complain(words)
    return words if looked[words] else ""


def free_words(item: Item, answers: Mapping[str, Any]) -> str:
    """Everything that was written freely."""
    written = (answers.get(field.key) for field in item.fields if field.kind in ("text", "long"))
    return "\n".join(each for each in written if isinstance(each, str))[:MOST]


def read_words(turn: Turn, item: Item, person: Person | None, words: str) -> Reading:
    """Of whom words complain, of those who answer around a matter of this item's and this person's. Nobody is asked for
    where nothing of a complaint stands in the words, as in nearly all."""
    if not may_complain(words):
        return _NOTHING
    people = _around(turn, item, person, words)
    if person is not None:
        people.pop(person.id, None)
    names = {name for each in people.values() for name in each.names[:1] if not name.isascii() and name in words}
    offices = complained_offices.named_in(turn, item, words, person)
    found = read_complaint(words, [*people.values(), *offices], _longer(turn, names, words))
    return complained_offices.whom(turn, found, person) if offices else found


def _around(turn: Turn, item: Item, person: Person | None, words: str) -> dict[str, Named]:
    """Everybody of staff who could come to decide on it or see it: by a duty or a shift there, or in somebody's place;
    and whoever is named in full."""
    roles = _roles(turn, item, person)
    found = {each.id: each for each in turn.session.execute(_IN_FULL, {"words": words}).scalars()}
    found |= {each.id: each for each in turn.session.execute(_PEOPLE, {"ids": list(roles)}).scalars()}
    return {
        each.id: Named(
            each.id, tuple(name for name in (each.name, each.name_en) if name), frozenset(roles.get(each.id, ()))
        )
        for each in found.values()
    }


def _roles(turn: Turn, item: Item, person: Person | None) -> dict[str, set[str]]:
    """By id everybody who answers, leads or is on duty around a matter, or stands in for one of them; with the roles."""
    places: set[str | None] = set() if person is None else {person.academic_path, person.residential_path}
    if item.tree == "office":
        places.add(
            turn.session.execute(select(Grid.path).where(Grid.tree == "office", Grid.code == item.office)).scalar()
        )
    paths = sorted({above for place in filter(None, places) for above in duties.up(place)})
    roles: dict[str, set[str]] = {}
    for statement in (_DUTIES, _SHIFTS):
        for person_id, role in turn.session.execute(statement, {"paths": paths, "now": turn.now}):
            roles.setdefault(person_id, set()).add(role)
    for other_id in turn.session.execute(_STAND_INS, {"ids": list(roles), "now": turn.now}).scalars():
        roles.setdefault(str(other_id), set())
    return roles


def _longer(turn: Turn, names: Iterable[str], words: str) -> list[str]:
    """Names of students in the words that begin with one of these: 韩梅梅 is not 韩梅."""
    begins = [Person.name.startswith(name, autoescape=True) for name in sorted(names)]
    if not begins:
        return []
    found = turn.session.execute(select(Person.name).where(Person.kind == "student", or_(*begins)).distinct()).scalars()
    return [name for name in found if name in words and name not in names]
