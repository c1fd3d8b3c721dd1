"""A small school for tests: its areas, its fixed cast, and the School and Door built over a database."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from bot.door import Door
from handlers import catalogue, directory
from handlers.catalogue import Catalogue
from handlers.turn import HelpLine, School, Turn
from models import numbering
from models.absence import Absence
from models.base import Base, new_id
from models.db import Database, seal_of
from models.deadline import Clock
from models.grid import Duty, Grid, Shift
from models.item import Words
from models.message import unpack
from models.outbox import Outbox
from models.person import Account, Person
from models.seal import Seal
from models.worktime import school_calendar

ZONE: Final = ZoneInfo("Asia/Shanghai")
POOR: Final = "terminal"  # the channel that shows one plain message a turn
RICH: Final = "webchat"  # the channel with buttons
AREAS: Final = (
    ("academic", "school", "sl", "/sl/", "示例大学", "Example University"),
    ("academic", "college", "cs", "/sl/cs/", "计算机学院", "Computing"),
    ("academic", "class", "cs2301", "/sl/cs/cs2301/", "计科2301", "Computing 2301"),
    ("academic", "class", "cs2302", "/sl/cs/cs2302/", "计科2302", "Computing 2302"),
    ("academic", "college", "wl", "/sl/wl/", "物理学院", "Physics"),
    ("academic", "class", "wl2301", "/sl/wl/wl2301/", "物理2301", "Physics 2301"),
    ("office", "office", "youth-league", "/sl/youth-league/", "团委", "Youth League"),
    ("office", "office", "logistics", "/sl/logistics/", "后勤处", "Logistics"),
    ("office", "office", "psych", "/sl/psych/", "心理中心", "Counselling"),
)


class Role(NamedTuple):
    """One of the cast: number, names, kind, class, and the duties (path, role, leads)."""

    number: str
    name: str
    name_en: str
    path: str | None = None
    duties: tuple[tuple[str, str, bool], ...] = ()

    @property
    def kind(self) -> str:
        """Whoever stands in a class is a student."""
        return "student" if self.path else "staff"


CAST: Final = {
    role.name: role
    for role in (
        Role("2023001", "李雷", "Li Lei", "/sl/cs/cs2301/"),
        Role("2023002", "韩梅梅", "Han Meimei", "/sl/cs/cs2301/"),
        Role("2023101", "林涛", "Lin Tao", "/sl/wl/wl2301/"),
        Role("T001", "韩老师", "Ms Han", None, (("/sl/cs/cs2301/", "counselor", False),)),
        Role("T002", "王书记", "Secretary Wang", None, (("/sl/cs/", "deputy-secretary", True),)),
        Role("T003", "方老师", "Mr Fang", None, (("/sl/wl/wl2301/", "counselor", False),)),
        Role("T004", "团委老师", "Youth League", None, (("/sl/youth-league/", "officer", False),)),
        Role("T005", "后勤老师", "Logistics", None, (("/sl/logistics/", "officer", False),)),
        Role("T006", "心理老师", "Ms Xin", None, (("/sl/psych/", "psych-duty", False),)),
        Role("T007", "心理主任", "Director Xin", None, (("/sl/psych/", "head", True),)),
        Role("T008", "学工部长", "Head Zhao", None, (("/sl/", "head", True),)),
        Role("T009", "值班老师甲", "Mr Ban", None),
    )
}


_SETTLED: Final[dict[tuple[datetime, str, tuple[str, ...]], list[tuple[Table, list[dict[str, Any]]]]]] = {}


def at(words: str) -> datetime:
    """An instant from the clock of people: "2026-06-10 09:00" in Shanghai, as aware UTC."""
    return datetime.fromisoformat(words).replace(tzinfo=ZONE).astimezone(UTC)


START: Final = at("2026-06-10 09:00")  # a Wednesday


def new_seal() -> Seal:
    """A seal with keys of its own."""
    return Seal(secrets.token_bytes(32))


@cache
def own_catalogue() -> Catalogue:
    """The items that the product ships with, read once."""
    return catalogue.load()


@cache
def own_clock() -> Clock:
    """True working time; worked out once, since a calendar remembers the days that it was asked for."""
    return Clock(school_calendar())


def make_school(cat: Catalogue | None = None, **other: Any) -> School:
    """The school as configured: example names, true working time, one number for help."""
    return _usual_school() if cat is None and not other else _school(cat or own_catalogue(), **other)


@cache
def _usual_school() -> School:
    return _school(own_catalogue())


def _school(cat: Catalogue, **other: Any) -> School:
    line = HelpLine(Words(zh="心理援助热线", en="Support line"), "12356", Words(zh="全天", en="all day"))
    return School(
        Words(zh="示例大学", en="Example University"), ZONE, "https://bot.example.edu", cat, own_clock(), (line,), **other,
    )  # fmt: skip


def make_door(database: Database, school: School, clock: Callable[[], datetime]) -> Door:
    """The way in, with a clock set by hand and nobody too fast."""
    return Door(database, school, 100_000, frozenset({POOR}), clock)


def settle(session: Session, now: datetime = START, channel: str = RICH, names: Iterable[str] = CAST) -> None:
    """Write the areas, the people with their duties and one account each, the duty roster, and the items' versions.

    The second time in a process the same rows are put in as they are.
    """
    key = (now, channel, tuple(names))
    if key not in _SETTLED:
        _write(session, *key)
        tables = Base.metadata.sorted_tables
        _SETTLED[key] = [(table, [dict(row) for row in session.execute(select(table)).mappings()]) for table in tables]
        return
    for table, rows in _SETTLED[key]:
        if rows:
            session.execute(insert(table), rows)


def _write(session: Session, now: datetime, channel: str, names: Iterable[str]) -> None:
    for tree, level, code, path, name, name_en in AREAS:
        session.add(Grid(id=new_id(now), tree=tree, level=level, code=code, name=name, name_en=name_en, path=path))
    session.flush()
    before = now - timedelta(days=1)
    for name in names:
        person = add_person(session, CAST[name], now)
        directory.account(session, channel, person.number, now).person_id = person.id
        for path, role, leads in CAST[name].duties:
            add_duty(session, person, path, role, leads=leads, from_at=before)
    if "值班老师甲" in names:
        guard = person_of(session, "值班老师甲")
        session.add(Shift(id=new_id(now), person_id=guard.id, path="/sl/", role="duty", starts_at=before,
                          ends_at=now + timedelta(days=60)))  # fmt: skip
    own_catalogue().record(session, now)
    session.flush()


def add_person(session: Session, role: Role, now: datetime = START) -> Person:
    """One person of the cast, or one made up."""
    person = Person(id=new_id(now), number=role.number, name=role.name, name_en=role.name_en, kind=role.kind,
                    academic_path=role.path, active=True)  # fmt: skip
    session.add(person)
    session.flush()
    return person


def add_duty(
    session: Session, person: Person, path: str, role: str, *, leads: bool = False, from_at: datetime = START,
    until_at: datetime | None = None,
) -> Duty:  # fmt: skip
    """One duty, in force from an instant on."""
    duty = Duty(id=new_id(from_at), person_id=person.id, path=path, role=role, leads=leads, from_at=from_at,
                until_at=until_at)  # fmt: skip
    session.add(duty)
    session.flush()
    return duty


def person_of(session: Session, name: str) -> Person:
    """One of the cast by name."""
    return session.execute(select(Person).where(Person.name == name)).scalar_one()


def turn_of(
    session: Session, name: str | None = None, now: datetime = START, *, school: School | None = None,
    channel: str = RICH, lang: str = "zh",
) -> Turn:  # fmt: skip
    """A turn in which one of the cast speaks; nobody for a sweep."""
    here = school or make_school()
    if name is None:
        return Turn(session, here, now, now, lang=lang)
    person = person_of(session, name)
    account = directory.account(session, channel, person.number, now)
    return Turn(session, here, now, now, account, person, lang)


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """What happens within is taken back whole, and no savepoint of it stays.

    SQLAlchemy rolls back to a savepoint and keeps it. SQLite looks through all that are open at every write, so that after
    some hundred examples of a law a write took a hundred times as long.
    """
    connection = session.connection()
    connection.exec_driver_sql("SAVEPOINT undone")
    point = session.begin_nested()
    yield
    point.rollback()
    connection.exec_driver_sql("RELEASE SAVEPOINT undone")
    session.expire_all()


def be_away(session: Session, name: str, stand_in: str | None = None) -> None:
    """Let one of the cast be away from the day before START for a month, with somebody in their place or nobody."""
    session.add(Absence(
        id=new_id(START), person_id=person_of(session, name).id, from_at=START - timedelta(days=1),
        until_at=START + timedelta(days=30), stand_in_id=person_of(session, stand_in).id if stand_in else None, at=START,
    ))  # fmt: skip
    session.flush()


def told(session: Session, name: str, begins: str = "") -> list[str]:
    """The texts of all notices to one of the cast on any account, oldest first. begins: with which their keys begin."""
    session.flush()
    numbering.give(session)
    rows = session.execute(
        select(Outbox).join(Account, Account.id == Outbox.account_id)
        .where(Account.person_id == person_of(session, name).id, Outbox.dedupe_key.startswith(begins))
        .order_by(Outbox.seq, Outbox.id)
    ).scalars()  # fmt: skip
    seal = seal_of(session)
    return [reply.text for row in rows for reply in unpack(seal.open(f"outbox.body:{row.id}", row.body))]


def leave_answers(start: str = "2026-06-11 14:00", end: str = "2026-06-12 22:00", days: float = 1.5) -> dict[str, Any]:
    """The filled-in form of a leave, as the dialogue leaves it."""
    span = {
        key: datetime.fromisoformat(value).replace(tzinfo=ZONE).isoformat()
        for key, value in (("start", start), ("end", end))
    }
    return {
        "kind": "sick",
        "span": {**span, "timed": [True, True]},
        "reason": "回家看病",
        "off_campus": "yes",
        "days": days,
    }
