"""People, accounts, grids and duties: who speaks, who answers, who is on duty, who may see what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from models.base import Instant, new_id
from models.db import plain
from models.grid import Duty, Grid, Shift
from models.message import Refused
from models.numbering import give, speak_for, take_turn
from models.person import Account, Person
from models.ticket import Ticket

PULL = "webchat"  # the channel that everybody has without binding: a page to open

# The statements of an ordinary turn are built once: building one costs as much as executing it.
_NOW = bindparam("now", type_=Instant())
_PATHS: BindParameter[list[str]] = bindparam("paths", expanding=True)
_BRIEFLY: BindParameter[datetime] = bindparam("briefly", type_=Instant())
_IN_FORCE = and_(Duty.from_at <= _NOW, or_(Duty.until_at.is_(None), Duty.until_at > _NOW))
_GRID_NAME = select(Grid.name, Grid.name_en).where(Grid.path == bindparam("path"))
_ACCOUNT = (
    select(Account)
    .where(Account.channel == bindparam("channel"), Account.key == bindparam("key"))
    .with_for_update(key_share=True)  # Rows that refer to the account may be written meanwhile.
)
_SPEAKER = (
    select(Account, Person)
    .outerjoin(Person, Person.id == Account.person_id)
    .where(Account.channel == bindparam("channel"), Account.key == bindparam("key"))
)
_ADDRESS = (
    select(Account)
    .where(Account.person_id == bindparam("person"), or_(Account.channel != "terminal", Account.used_at > _BRIEFLY))
    .where(Account.closed == "")
    .order_by(Account.used_at.desc())
    .limit(1)
)
_ANOTHER = _ADDRESS.where(Account.id.notin_(bindparam("but", expanding=True)))
_ROW = Account.__table__.c
_NEXT_SEQ = (
    update(Account.__table__).where(_ROW.id == bindparam("account")).values(seq=_ROW.seq + 1).returning(_ROW.seq)  # type: ignore[arg-type]
)
_HOLDERS = (
    select(Person, Duty.path)
    .join(Duty, Duty.person_id == Person.id)
    .where(Duty.path.in_(_PATHS), Duty.role == bindparam("role"), Person.active, _IN_FORCE)
    .order_by(Duty.from_at, Duty.id)
)
_ON_DUTY = (
    select(Person, Shift.path)
    .join(Shift, Shift.person_id == Person.id)
    .where(Shift.path.in_(_PATHS), Shift.starts_at <= _NOW, Shift.ends_at > _NOW, Person.active)
    .order_by(Shift.starts_at.desc(), Shift.id)
)
_ON_DUTY_AS = _ON_DUTY.where(Shift.role == bindparam("role"))
_LEADS = (
    select(Person, Duty.path)
    .join(Duty, Duty.person_id == Person.id)
    .where(Duty.path.in_(_PATHS), Duty.leads, Person.active, _IN_FORCE)
    .order_by(func.length(Duty.path).desc(), Duty.from_at, Duty.id)
)
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_PEOPLE = select(Person).where(Person.id.in_(_IDS))
_LOADS = (
    select(Ticket.assignee_id, func.count())
    .where(Ticket.assignee_id.in_(_IDS), Ticket.due_at.is_not(None))
    .group_by(Ticket.assignee_id)
)


def up(path: str) -> list[str]:
    """A path and the paths above it, nearest first: "/s/cs/c1/" → ["/s/cs/c1/", "/s/cs/", "/s/"]."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) + "/" for count in range(len(parts), 0, -1)]


def grid_name(session: Session, path: str | None, lang: str) -> str:
    """The name of an area, "" for none."""
    if path is None:
        return ""
    row = plain(session).execute(_GRID_NAME, {"path": path}).first()
    return "" if row is None else ((row.name_en or row.name) if lang == "en" else row.name)


def has_people(session: Session) -> bool:
    """Whether anybody is there yet."""
    return session.execute(select(Person.id).limit(1)).first() is not None


def root_path(session: Session) -> str:
    """The path of the school itself; Refused while no school was imported."""
    path = session.execute(select(Grid.path).order_by(func.length(Grid.path)).limit(1)).scalar()
    if path is None:
        raise Refused("door.no_school")
    return path


def office_path(session: Session, code: str) -> str | None:
    """The path of an office by its code, None for an unknown one."""
    return session.execute(select(Grid.path).where(Grid.tree == "office", Grid.code == code)).scalar()


def name_of(person: Person | None, lang: str) -> str:
    """How a person is called in a language."""
    if person is None:
        return ""
    return (person.name_en or person.name) if lang == "en" else person.name


def by_number(session: Session, number: str) -> Person | None:
    """The person with a school number, active or not."""
    return session.execute(select(Person).where(Person.number == number)).scalar()


def meet(session: Session, ids: Iterable[str | None]) -> None:
    """Read these people in one query, so that their names are at hand in this unit."""
    session.execute(_PEOPLE, {"ids": [id_ for id_ in ids if id_ is not None]}).all()


# -- accounts


def account(session: Session, channel: str, key: str, now: datetime) -> Account:
    """The account of a channel's own key, locked for this unit; made when it writes for the first time."""
    found = session.execute(_ACCOUNT, {"channel": channel, "key": key}).scalar()
    if found is None:
        found = Account(id=new_id(now), channel=channel, key=key, lang="", seq=0, seen=0, offered=[], used_at=now)
        session.add(found)
        session.flush()
    return found


BRIEF = timedelta(minutes=10)  # for so long after a line in the terminal notices go there, and then back to the page


def speaker(session: Session, channel: str, key: str, now: datetime) -> tuple[Account, Person | None]:
    """The account that a message came from, and the person bound to it, active or not.

    Other messages of the account wait from here on; its row is written, and thereby locked, by `end` alone.
    """
    take_turn(session, channel, key)
    found = session.execute(_SPEAKER, {"channel": channel, "key": key}).first()
    who = account(session, channel, key, now) if found is None else found[0]
    speak_for(session, who)
    return who, None if found is None else found[1]


def address(session: Session, person: Person, now: datetime, but: Collection[str] = ()) -> Account:
    """Where a person is told things: the account used last that takes messages, or the web chat, which needs no binding.

    but: ids of accounts that were tried already; the web chat is the answer all the same when nothing else is left.
    """
    values = {"person": person.id, "briefly": now - BRIEF}
    if but:
        found = session.execute(_ANOTHER, {**values, "but": list(but)}).scalar()
    else:
        found = session.execute(_ADDRESS, values).scalar()
    if found is None:
        found = account(session, PULL, person.id, now)
        found.person_id = person.id
        session.flush()
    return found


def end(session: Session, account: Account, now: datetime) -> int:
    """End the speaker's turn, when everything else is written: what it changed in the account, and all numbers.

    Returns the number of this exchange in the speaker's stream; notices to the speaker follow it.
    """
    set_committed_value(account, "used_at", now)
    return give(session, account)


def next_seq(session: Session, account: Account) -> int:
    """The next number in an account's stream, given at once: for a unit that speaks to nobody else."""
    number: int = plain(session).execute(_NEXT_SEQ, {"account": account.id}).scalar_one()
    set_committed_value(account, "seq", number)
    return number


# -- duties


def _nearest(rows: Iterable[tuple[Person, str]]) -> list[Person]:
    """Of (person, path) rows, the people of the longest path."""
    ordered = sorted(rows, key=lambda row: -len(row[1]))
    return [person for person, path in ordered if path == ordered[0][1]]


def holders(session: Session, path: str, role: str, now: datetime) -> list[Person]:
    """Who answers in a role for an area, or for the nearest area above it that has somebody."""
    return _nearest(session.execute(_HOLDERS, {"paths": up(path), "role": role, "now": now}).all())


def on_duty(session: Session, path: str, now: datetime, role: str = "") -> list[Person]:
    """Who is on the duty roster at an instant for an area or the nearest above it, in a role or in any."""
    values = {"paths": up(path), "now": now}
    found = session.execute(_ON_DUTY_AS, {**values, "role": role}) if role else session.execute(_ON_DUTY, values)
    return _nearest(found.all())


def leads(session: Session, path: str, now: datetime) -> list[Person]:
    """Who hears when silence climbs from an area: those who lead it and what lies above, nearest first."""
    found: list[Person] = []
    for person, _ in session.execute(_LEADS, {"paths": up(path), "now": now}):
        if person not in found:
            found.append(person)
    return found


def responsible_for(session: Session, path: str, role: str, now: datetime, not_id: str | None = None) -> Person | None:
    """Who answers for an area in a role: of those who hold it, whoever is on the roster in it now; else the holder
    with the fewest open matters, else whoever is on duty, else who leads. Never the person that asks (not_id).
    None means that nobody does, which is an alarm."""
    holding = holders(session, path, role, now)
    rostered = {person.id for person in on_duty(session, path, now, role)} if len(holding) > 1 else set()
    for candidates in (
        [person for person in holding if person.id in rostered],
        holding,
        on_duty(session, path, now, role),
        on_duty(session, path, now),
        leads(session, path, now),
    ):
        free = [person for person in candidates if person.id != not_id]
        if len(free) == 1:
            return free[0]
        if free:
            return _least_loaded(session, free)
    return None


def _least_loaded(session: Session, people: list[Person]) -> Person:
    loads = {row[0]: row[1] for row in session.execute(_LOADS, {"ids": [person.id for person in people]})}
    return min(people, key=lambda person: (loads.get(person.id, 0), person.number))
