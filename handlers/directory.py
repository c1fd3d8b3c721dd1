"""People, accounts and grids: who speaks, where a person is told things, how somebody and an area are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from handlers.acting import acted_for
from handlers.duties import (
    deputed,
    holders,
    is_away,
    is_lead,
    leads,
    on_duty,
    responsible_for,
    stand_in,
    takes_part_of,
    up,
)
from models.base import Instant, new_id
from models.db import plain
from models.grid import Grid
from models.message import Refused
from models.numbering import give, speak_for, take_turn
from models.person import Account, Person

__all__ = [
    "BRIEF", "PULL", "account", "acted_for", "address", "by_number", "deputed", "end", "grid_name", "has_people", "holders", "is_away", "is_lead",
    "leads", "meet", "name_of", "next_seq", "office_path", "on_duty", "responsible_for", "root_path", "speaker",
    "stand_in", "takes_part_of", "up",
]  # fmt: skip
PULL = "webchat"  # the channel that everybody has without binding: a page to open

# The statements of an ordinary turn are built once: building one costs as much as executing it.
_BRIEFLY: BindParameter[datetime] = bindparam("briefly", type_=Instant())
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
# A page that nobody looks at any more rings nobody: where something else is bound, what is told goes there.
_RINGS = case((Account.channel != PULL, 1), else_=0)
_REACHES = case((or_(Account.channel != PULL, Account.used_at > _BRIEFLY), 1), else_=0)
_ADDRESS = (
    select(Account)
    .where(Account.person_id == bindparam("person"), or_(Account.channel != "terminal", Account.used_at > _BRIEFLY))
    .where(Account.closed == "")
    .order_by(_REACHES.desc(), Account.used_at.desc(), _RINGS.desc())
    .limit(1)
)
_ADDRESSES = (
    select(Account)
    .where(Account.person_id.in_(bindparam("people", expanding=True)), Account.closed == "")
    .where(or_(Account.channel != "terminal", Account.used_at > _BRIEFLY))
    .order_by(_REACHES, Account.used_at, _RINGS)
)
_ANOTHER = _ADDRESS.where(Account.id.notin_(bindparam("but", expanding=True)))
_ROW = Account.__table__.c
_NEXT_SEQ = (
    update(Account.__table__).where(_ROW.id == bindparam("account")).values(seq=_ROW.seq + 1).returning(_ROW.seq)  # type: ignore[arg-type]
)
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_PEOPLE = select(Person).where(Person.id.in_(_IDS))


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
    The web chat, which rings nobody, counts for ten minutes after its last word where another account is there.

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


def addresses(session: Session, ids: Iterable[str], now: datetime) -> dict[str, Account]:
    """`address` of many people by their ids, with one query; who has no account yet is left out."""
    rows = session.execute(_ADDRESSES, {"people": list(ids), "briefly": now - BRIEF}).scalars()
    return {found.person_id: found for found in rows if found.person_id is not None}  # the one used last remains


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
