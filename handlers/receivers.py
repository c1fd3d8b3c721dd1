"""Who may be given a ticket: those whose duties reach it, or anybody of staff who is here, with their load and duty."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, String, bindparam, func, or_, select

from handlers import access, directory, duties, recusals, signers, signing, superiors
from handlers.turn import Turn
from handlers.understand.orders import read_office
from handlers.understand.titled import after_to
from models.grid import Duty, Grid, Shift
from models.message import Refused
from models.person import Person
from models.ticket import OPEN, Ticket

MOST: Final = 6  # people offered at once: more buttons are no choice any more
_LOOKED_AT: Final = 200  # rows of duties that are looked through for one offer
_WORDS: BindParameter[str] = bindparam("words", type_=String)
_LIKE: BindParameter[str] = bindparam("like", type_=String)
_DUTIES = (
    select(Person, Duty.path)
    .join(Duty, Duty.person_id == Person.id)
    .where(Person.active, Person.kind == "staff", duties.IN_FORCE)
    .limit(_LOOKED_AT)
)
_REACHING = _DUTIES.where(Duty.path.in_(bindparam("paths", expanding=True))).order_by(Duty.path.desc(), Duty.id)
# By name, by number, or by the name of the area that they answer for.
_NAMED = _DUTIES.join(Grid, Grid.path == Duty.path).where(
    or_(
        Person.name.like(_LIKE, escape="/"), func.lower(Person.name_en).like(func.lower(_LIKE), escape="/"),
        Person.number == _WORDS, Grid.name.like(_LIKE, escape="/"),
    )
).order_by(Person.number, Duty.path)  # fmt: skip
_HERE = (
    select(Person, Duty.leads)
    .join(Duty, Duty.person_id == Person.id)
    .where(Person.active, Person.kind == "staff", duties.IN_FORCE, Duty.path == bindparam("path"))
    .order_by(Person.number)
    .limit(_LOOKED_AT)
)
# A name at the beginning of what was said: the longest one counts.
_BEGINS = select(Person).where(
    Person.active, Person.kind == "staff", or_(
        func.substr(_WORDS, 1, func.length(Person.name)) == Person.name,
        func.lower(func.substr(_WORDS, 1, func.length(Person.name_en))) == func.lower(Person.name_en),
        func.substr(_WORDS, 1, func.length(Person.number)) == Person.number,
    )
)  # fmt: skip
_OFFICES = select(Grid).where(Grid.tree == "office", or_(
    func.substr(_WORDS, 1, func.length(Grid.name)) == Grid.name,
    func.substr(_WORDS, 1, func.length(Grid.code)) == Grid.code,
    func.lower(func.substr(_WORDS, 1, func.length(Grid.name_en))) == func.lower(Grid.name_en),
))  # fmt: skip


class Receiver(NamedTuple):
    """Somebody who may be given a ticket: the area answered for, how many open matters there are already, and whether
    on the roster now."""

    person: Person
    path: str
    load: int
    on_duty: bool


def may_receive(turn: Turn, ticket: Ticket, words: str = "", most: int = MOST) -> list[Receiver]:
    """To whom a ticket may be handed, best first: nearest to it, on duty, with the fewest open matters.

    Without words those whose duties reach it; with words everybody of staff whom they fit (a name, a number, an area).
    Left out: who has it, who hands it on, whom it is about, and who is away.
    """
    if words:
        said = words.strip()[:80]
        like = "%" + said.replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"
        rows = turn.session.execute(_NAMED, {"words": said, "like": like, "now": turn.now}).all()
    else:
        rows = turn.session.execute(_REACHING, {"paths": _paths(ticket), "now": turn.now}).all()
    approval = signing.owed(turn, ticket, turn.person)
    if approval is not None:  # A signature goes to another signer.
        signs = {person.id for person in signing.may_follow(turn, ticket, approval)}
        rows = [row for row in rows if row[0].id in signs]
    areas: dict[str, str] = {}
    people: dict[str, Person] = {}
    me = turn.person.id if turn.person else ""
    for person, path in rows:
        if person.id not in (me, ticket.assignee_id) and not barred(turn, ticket, person):
            people[person.id] = person
            areas[person.id] = max(areas.get(person.id, ""), path, key=len)
    loads, rostered = _loads(turn, list(people)), _rostered(turn, list(people))
    found = [
        Receiver(person, areas[person.id], loads.get(person.id, 0), person.id in rostered) for person in people.values()
    ]
    paths = _paths(ticket)
    found.sort(key=lambda each: (
        -len(each.path) if each.path in paths else 0, not each.on_duty, each.load, each.person.number
    ))  # fmt: skip
    return found[:most]


def barred(turn: Turn, ticket: Ticket, to: Person) -> Refused | None:
    """Why somebody may not be given a ticket, None where nothing speaks against it."""
    name = directory.name_of(to, turn.lang)
    if to.kind != "staff" or not to.active:
        return Refused("transfer.not_here", name=name)
    if to.id in signers.concerned_by(turn, signing.item_of(turn, ticket), ticket):
        return Refused("transfer.concerned", name=name)
    if ticket.recused and superiors.below(turn, recusals.by_words(turn, ticket), [to.id]):
        return Refused("transfer.under", name=name)
    if duties.is_away(turn.session, to.id, turn.now):
        other = duties.stand_in(turn.session, to.id, turn.now)
        if other is None:
            return Refused("transfer.away", name=name)
        return Refused("transfer.stood_in", name=name, other=directory.name_of(other, turn.lang))
    paths = access.paths_of(turn.session, to, turn.now)
    if not paths:
        return Refused("transfer.no_duty", name=name)
    if ticket.private and ticket.path not in paths:
        return Refused("transfer.private", name=name)
    return None


def area_of(turn: Turn, ticket: Ticket, to: Person) -> str | None:
    """Where a ticket is worked on once somebody has it, for Ticket.handed_path: None where their duties reach its own
    area; where it is now if they reach that; else their own area, an office before a class."""
    paths = access.paths_of(turn.session, to, turn.now)
    if _covers(paths, ticket.path):
        return None
    if ticket.handed_path and _covers(paths, ticket.handed_path):
        return ticket.handed_path
    offices = set(turn.session.execute(select(Grid.path).where(Grid.path.in_(paths), Grid.tree == "office")).scalars())
    return max(offices or paths, key=lambda path: (len(path), path))


def officer_of(turn: Turn, ticket: Ticket, office: Grid) -> Person:
    """Who takes a ticket for an office: of those with a duty there whoever does not lead it, then who is on the roster,
    then the one with the fewest open matters. Raises Refused where nobody may."""
    rows = turn.session.execute(_HERE, {"path": office.path, "now": turn.now}).all()
    people, leading = [person for person, _ in rows], {person.id for person, leads in rows if leads}
    me = turn.person.id if turn.person else ""
    free = {person.id: person for person in people if person.id not in (me, ticket.assignee_id)
            and barred(turn, ticket, person) is None}  # fmt: skip
    if not free:
        name = directory.grid_name(turn.session, office.path, turn.lang)
        raise Refused("transfer.office_empty", name=name)
    loads, rostered = _loads(turn, list(free)), _rostered(turn, list(free))
    return min(
        free.values(),
        key=lambda person: (person.id in leading, person.id not in rostered, loads.get(person.id, 0), person.number),
    )


def read_receiver(turn: Turn, words: str) -> tuple[list[Person], Grid | None, str]:
    """Who is named at the beginning of words such as 「王书记 请看一下」: people, or an office, and the words after it.

    Several people of one name are all of them; 「给」 before a name is no part of it. Nobody and None where no known name
    stands there.
    """
    found, bare = _read_name(turn, words), after_to(words)
    if bare != words and not found[0] and found[1] is None:
        found = _read_name(turn, bare)
    return found if found[0] or found[1] is not None else ([], None, words.strip())


def called(turn: Turn, surname: str) -> list[Person]:
    """Those of the staff whom a surname may mean, by number."""
    named = select(Person).where(Person.active, Person.kind == "staff", Person.name.startswith(surname))
    return list(turn.session.execute(named.order_by(Person.number).limit(MOST)).scalars())


def _read_name(turn: Turn, words: str) -> tuple[list[Person], Grid | None, str]:
    said = words.strip()[:200]
    values = {"words": said}
    people = list(turn.session.execute(_BEGINS.limit(50), values).scalars())
    offices = list(turn.session.execute(_OFFICES.limit(50), values).scalars())
    longest = max((_length(said, each) for each in (*people, *offices)), default=0)
    if not longest:
        return [], None, words.strip()
    found = [person for person in people if _length(said, person) == longest]
    office = next((each for each in offices if _length(said, each) == longest), None)
    return found, None if found else office, words.strip()[longest:]


def read_short(turn: Turn, words: str) -> tuple[list[Grid], str]:
    """The offices that a common short name at the beginning of words may mean, and the words after it.

    「学生处」, 「学工处」 and 「学工部」 are the 学生工作处: what stands before the word for an office are characters of its name,
    in order, beginning with its first.
    """
    for said in dict.fromkeys((words, after_to(words))):
        stem, rest = read_office(said)
        if not stem:
            continue
        offices = turn.session.execute(
            select(Grid).where(Grid.tree == "office").order_by(Grid.path).limit(_LOOKED_AT)
        ).scalars()
        found = [each for each in offices if each.name.startswith(stem[0]) and _in_order(stem, each.name)]
        if found:
            return found, rest
    return [], words.strip()


def _in_order(stem: str, name: str) -> bool:
    left = iter(name)
    return all(letter in left for letter in stem)


def _length(said: str, named: Any) -> int:
    """How much of the words somebody's name takes."""
    names = (named.name, named.name_en, named.number if isinstance(named, Person) else named.code)
    low = said.lower()
    return max((len(name) for name in names if name and low.startswith(name.lower())), default=0)


def _paths(ticket: Ticket) -> list[str]:
    if ticket.private:
        return [ticket.path]
    paths = directory.up(ticket.path)
    return [*paths, *(path for path in directory.up(ticket.handed_path or "") if path not in paths and path != "//")]


def _covers(paths: tuple[str, ...], path: str) -> bool:
    return any(path.startswith(each) for each in paths)


def _loads(turn: Turn, ids: list[str]) -> dict[Any, int]:
    rows = turn.session.execute(
        select(Ticket.assignee_id, func.count())
        .where(Ticket.assignee_id.in_(ids), Ticket.status.in_(OPEN))
        .group_by(Ticket.assignee_id)
    )
    return {row[0]: row[1] for row in rows}


def _rostered(turn: Turn, ids: list[str]) -> set[str]:
    now = select(Shift.person_id).where(Shift.person_id.in_(ids), Shift.starts_at <= turn.now, Shift.ends_at > turn.now)
    return set(turn.session.execute(now).scalars())
