"""A student as whoever answers for the student sees them: open matters, history, totals, how they are reached; and the search."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from handlers import access, behalf, binding, cards, directory, duties, grounds, notices, tickets, wording
from handlers.turn import Turn
from handlers.views import inbox_reach, inbox_rows
from models.db import plain, seal_of
from models.grid import Grid
from models.person import Account, Person
from models.ticket import OPEN, Event, Status, Ticket

MOST: Final = 60  # students of a search
PAST: Final = 20  # matters that have ended
MOST_WORDS: Final = 40
# What staff opened for its requester, which comes from no account of the student's (handlers/behalf.py).
_OPENED: Final = and_(
    Ticket.account_id.is_(None), Ticket.private.is_(False),
    exists().where(
        Event.ticket_id == Ticket.id, Event.kind == "opened",
        or_(Event.key.startswith("page:phone-"), Event.key.startswith("page:desk-")),
    ).correlate(Ticket),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One student of a search: number, name, class, place in a dormitory, and how many matters are open."""

    number: str
    name: str
    place: str
    dormitory: str
    open: int


@dataclass(frozen=True, slots=True)
class Matter:
    """An open matter. can: what staff may do for the student now, of handlers.serving.VERBS; asked: what the student was
    asked for, "" for nothing or for who does not read it; opened: by whom it was handed in for the student, "" by none."""

    row: inbox_rows.Row
    can: tuple[str, ...]
    asked: str
    opened: str


@dataclass(frozen=True, slots=True)
class Student:
    """A student's page. places: of the academic and of the residential tree, from below the school down. counselors: who
    answers. guardian: the parents' phone, for who answers for the class and not for the dormitory. channels: names of
    what is bound, never an id. items: (slug, title) of what may be opened for the student. beyond: numbers of
    what staff opened for the student and went to an office where the speaker has no duty: it is listed, and cannot be
    opened. objected: numbers of what staff opened although the student says that it was never wanted.
    """

    id: str
    number: str
    name: str
    places: tuple[str, ...]
    counselors: tuple[str, ...]
    phone: str
    guardian: str
    channels: tuple[str, ...]
    totals: tuple[str, ...]
    open: tuple[Matter, ...]
    past: tuple[inbox_rows.Row, ...]
    more: bool
    items: tuple[tuple[str, str], ...]
    beyond: frozenset[str] = frozenset()
    objected: frozenset[str] = frozenset()


def search(turn: Turn, words: str) -> tuple[tuple[Found, ...], bool]:
    """Students for whom the speaker answers, by number, name or class, and whether there are more than MOST.

    Without words those of the speaker's own areas, where these are few. Refused for whoever is not staff.
    """
    reach = inbox_reach.of(turn)
    wanted = unicodedata.normalize("NFKC", words).strip()[:MOST_WORDS]
    if not wanted and reach.areas is None:
        return (), False
    statement = (
        select(Person.id, Person.number, Person.name, Person.name_en, Person.academic_path, Person.residential_path)
        .where(Person.kind == "student", Person.active, _within(turn, reach))
        .order_by(Person.number)
        .limit(MOST + 1)
    )
    if wanted:
        statement = statement.where(_fits(wanted))
    rows = plain(turn.session).execute(statement).all()
    return _found(turn, rows[:MOST]), len(rows) > MOST


def _within(turn: Turn, reach: inbox_reach.Reach) -> ColumnElement[bool]:
    """Whether a student stands in an area that the speaker has a duty for."""
    if turn.person is None or not reach.duties:
        return false()
    if reach.areas is not None:
        return or_(Person.academic_path.in_(reach.areas), Person.residential_path.in_(reach.areas))
    return or_(
        *(
            column.startswith(path, autoescape=True)
            for path in reach.duties
            for column in (Person.academic_path, Person.residential_path)
        )
    )


def _fits(words: str) -> ColumnElement[bool]:
    named = select(Grid.path).where(Grid.tree != "office", Grid.name.contains(words, autoescape=True))
    fits = [
        Person.name.contains(words, autoescape=True),
        func.lower(Person.name_en).contains(words.lower(), autoescape=True),
        Person.academic_path.in_(named),
        Person.residential_path.in_(named),
    ]
    if words.isascii() and words.replace("-", "").isalnum():
        fits.append(Person.number.startswith(words.upper(), autoescape=True))
        fits.append(Person.number.endswith(words, autoescape=True))
    return or_(*fits)


def _found(turn: Turn, rows: Sequence[Any]) -> tuple[Found, ...]:
    ids = [row.id for row in rows]
    seen = access.visible(turn.session, turn.person, turn.now)
    counted = select(Ticket.requester_id, func.count()).where(
        Ticket.requester_id.in_(ids), Ticket.status.in_(OPEN), seen
    )
    rows_ = turn.session.execute(counted.group_by(Ticket.requester_id)) if ids else ()
    many: dict[str | None, int] = {row[0]: row[1] for row in rows_}
    english = turn.lang == "en"
    return tuple(
        Found(
            row.number, (row.name_en if english else "") or row.name,
            directory.grid_name(turn.session, row.academic_path, turn.lang),
            directory.grid_name(turn.session, row.residential_path, turn.lang), many.get(row.id, 0),
        )
        for row in rows
    )  # fmt: skip


def student_of(turn: Turn, number: str) -> Person | None:
    """The student with a number, if the speaker answers for an area where the student stands; else None."""
    person = directory.by_number(turn.session, number)
    return person if person is not None and reaches(turn, person) else None


def reaches(turn: Turn, person: Person) -> bool:
    """Whether the speaker may open a student's page."""
    return turn.person is not None and access.reaches(turn.session, turn.person, person, turn.now)


def show(turn: Turn, number: str) -> Student | None:
    """A student's page; None for one for whom the speaker does not answer, and for a number that nobody has."""
    person = student_of(turn, number)
    if person is None:
        return None
    reached = access.visible(turn.session, turn.person, turn.now)
    me = turn.person.id if turn.person is not None else ""
    seen = and_(Ticket.requester_id == person.id, or_(reached, and_(_OPENED, grounds.not_about(me, turn.now))))
    open_ = turn.session.execute(
        select(Ticket).where(seen, Ticket.status.in_(OPEN)).order_by(Ticket.owed_at, Ticket.id)
    ).scalars().all()  # fmt: skip
    past = turn.session.execute(
        select(Ticket.id).where(seen, Ticket.status.not_in(OPEN)).order_by(Ticket.id.desc()).limit(PAST + 1)
    ).scalars().all()  # fmt: skip
    there = set(turn.session.execute(select(Ticket.id).where(Ticket.requester_id == person.id, reached)).scalars())
    rows = {row.id: _short(row, there) for row in inbox_rows.of(turn, [ticket.id for ticket in open_])}
    ended = tuple(_short(row, there) for row in inbox_rows.of(turn, past[:PAST]))
    listed = {row.id: row.number for row in (*rows.values(), *ended)}
    catalogue = turn.school.catalogue
    return Student(
        id=person.id, number=person.number, name=directory.name_of(person, turn.lang),
        places=tuple(each for each in (_place(turn, person.academic_path), _place(turn, person.residential_path)) if each),
        counselors=_counselors(turn, person), phone=_opened(turn, person, "phone"),
        guardian=_opened(turn, person, "guardian_phone") if _in_class(turn, person) else "", channels=_channels(turn, person),
        # Items of one kind, such as leave for one and for a list, add up to the same.
        totals=tuple(dict.fromkeys(
            line for slug in catalogue.items for line in catalogue.service(slug).totals(turn, person)
        )),
        open=tuple(_matter(turn, ticket, rows[ticket.id]) for ticket in open_ if ticket.id in rows),
        past=ended, more=len(past) > PAST,
        items=tuple((item.slug, item.title.to(turn.lang)) for item in catalogue.offered() if behalf.may_open(item)),
        beyond=frozenset(number for id_, number in listed.items() if id_ not in there), objected=_objected(turn, listed),
    )  # fmt: skip


def _short(row: inbox_rows.Row, there: set[str]) -> inbox_rows.Row:
    """A row without what was answered and how staff tag it, where the matter itself is beyond the speaker's duties."""
    return row if row.id in there else row._replace(about="", tags=())


def _objected(turn: Turn, listed: dict[str, str]) -> frozenset[str]:
    """Numbers of what the student says was never wanted; listed: numbers by id."""
    said = select(Event.ticket_id).where(Event.ticket_id.in_(listed), Event.kind == "objected")
    return frozenset(listed[id_] for id_ in turn.session.execute(said).scalars()) if listed else frozenset()


def _place(turn: Turn, path: str | None) -> str:
    """Where somebody stands, from below the school down: 计算机学院 计科2301."""
    if path is None:
        return ""
    names = [directory.grid_name(turn.session, each, turn.lang) for each in reversed(duties.up(path)[:-1])]
    return wording.places(names)


def _counselors(turn: Turn, person: Person) -> tuple[str, ...]:
    if person.academic_path is None:
        return ()
    found = duties.holders(turn.session, person.academic_path, "counselor", turn.now)
    return tuple(directory.name_of(each, turn.lang) for each in found)


def _opened(turn: Turn, person: Person, column: str) -> str:
    """A sealed number of the roster, "" where it has none."""
    kept: bytes | None = getattr(person, column)
    return "" if kept is None else seal_of(turn.session).open(f"person.{column}:{person.id}", kept)


def _in_class(turn: Turn, person: Person) -> bool:
    """Whether the speaker has a duty over the student's class, or above it."""
    if turn.person is None or person.academic_path is None:
        return False
    return not set(access.paths_of(turn.session, turn.person, turn.now)).isdisjoint(duties.up(person.academic_path))


def _channels(turn: Turn, person: Person) -> tuple[str, ...]:
    statement = select(Account.channel).where(Account.person_id == person.id, Account.closed == "").distinct()
    return tuple(sorted(binding.channel_name(turn, each).strip() for each in turn.session.execute(statement).scalars()))


def _matter(turn: Turn, ticket: Ticket, row: inbox_rows.Row) -> Matter:
    opened = behalf.of(turn, ticket)
    mine = turn.person is not None and access.may_act(turn.session, turn.person, ticket, turn.now)
    waits = ticket.status == Status.waiting and ticket.back_at is None
    can = []
    if mine and waits and not ticket.private:
        can.append("answer")
    if mine and "back" in cards.staff_verbs(turn, ticket, turn.person):
        can.append("back")
    if tickets.opened_by(turn, ticket) and not ticket.back_at and (mine or ticket.status == Status.new):
        can.append("withdraw")
    said = turn.say(f"card.opened_{opened.source}", name=cards.who(turn, opened.by_id)) if opened is not None else ""
    return Matter(row, tuple(can), _asked(turn, ticket) if waits else "", said)


def _asked(turn: Turn, ticket: Ticket) -> str:
    """What the student was asked for, to be read out on the telephone."""
    statement = select(Event).where(Event.ticket_id == ticket.id, Event.kind == "asked").order_by(Event.rev.desc())
    event = turn.session.execute(statement.limit(1)).scalar()
    if event is None or (event.sealed is not None and not cards.entitled(turn, ticket)):
        return ""
    return notices.words_of(turn, event)
