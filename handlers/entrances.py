"""The ways into the console: number and password, a one-time link, the second factor, a new password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from handlers import directory, seats, seconds, tries
from handlers.seats import Span, Staff
from handlers.turn import Turn
from models.credential import Credential, Entrance, Seat
from models.db import seal_of
from models.message import Link, Refused, Reply
from models.meta import audit
from models.person import Person

VALID: Final = {"enter": timedelta(minutes=5), "password": timedelta(days=1)}
PATH: Final = "/console/enter"


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody typed, looked up: whom it would be and what the password must match; "" and "" for nobody."""

    person_id: str
    kept: str


# -- number and password


def claim(session: Session, number: str, address: str, now: datetime) -> Claim:
    """Count a try to sign in, and look up what its password must match.

    Raises Refused ("console.wait") after too many tries for the number or from the address, known or not.
    """
    wait = max(tries.knock(session, "number", number, now), tries.knock(session, "address", address, now))
    if wait:
        raise Refused("console.wait", seconds=wait)
    row = session.execute(
        select(Person.id, Credential.password)
        .join(Credential, Credential.person_id == Person.id)
        .where(Person.number == number, Person.kind == "staff", Person.active)
    ).first()
    return Claim("", "") if row is None else Claim(row.id, row.password)


def fail(session: Session, found: Claim, now: datetime) -> None:
    """Write down that a password was wrong, for a person who is there."""
    if found.person_id:
        audit(session, now, None, "console_failed", found.person_id)


def enter(
    session: Session, found: Claim, number: str, cookie: str, old: str, now: datetime, span: Span, rule: str
) -> str:
    """Give a browser its seat because the password was right; answers with what it must do next ("" nothing).

    Raises Refused when the password was changed, or the person left, since it was looked up.
    """
    credential = session.get(Credential, found.person_id, populate_existing=True)
    if credential is None or credential.password != found.kept:
        raise Refused("console.wrong")
    tries.forgive(session, "number", number)
    return sit(session, found.person_id, cookie, old, now, span, rule)


def sit(session: Session, person_id: str, cookie: str, old: str, now: datetime, span: Span, rule: str) -> str:
    """Give a browser a seat under a new cookie in place of its old one; answers with the next step."""
    session.execute(delete(Seat).where(Seat.id == seats.row_id(old)))
    seats.take(session, cookie, person_id, now, span)
    return advance(session, cookie, now, span, rule, proved=False)


def advance(session: Session, cookie: str, now: datetime, span: Span, rule: str, *, proved: bool) -> str:
    """Set what a browser must do next, now that a step is done. proved: the second factor was just shown."""
    seat = session.get_one(Seat, seats.row_id(cookie))
    seat.step = ""
    session.flush()
    staff = _staff(session, cookie, now)
    if staff.has_second and not proved:
        seat.step = "code"
    elif not staff.has_second and seconds.is_required(staff, rule):
        seat.step = "enrol"
    seat.until_at = min(now + (seats.UNDERWAY if seat.step else span.idle), seat.ends_at)
    session.flush()
    return seat.step


def _staff(session: Session, cookie: str, now: datetime) -> Staff:
    staff = seats.recognise(session, cookie, now)
    if staff is None:
        raise Refused("console.wrong")
    return staff


# -- one-time links


def invite(session: Session, person: Person, kind: str, now: datetime, by_id: str | None) -> str:
    """What a new one-time link carries, 256 random bits; links given before are void. Refused for who is no staff."""
    if person.kind != "staff" or not person.active:
        raise Refused("console.nobody")
    session.execute(delete(Entrance).where(Entrance.person_id == person.id))
    code = secrets.token_urlsafe(32)
    session.add(Entrance(id=_digest(session, code), person_id=person.id, kind=kind, until_at=now + VALID[kind]))
    audit(session, now, by_id, f"link_{kind}", person.number)
    return code


def offer(turn: Turn, to: str = "") -> Reply:
    """A member of staff asked in chat for the console: a link that signs in once. to: the page of it where he goes on."""
    if turn.person is None:
        raise Refused("console.nobody")
    code = invite(turn.session, turn.person, "enter", turn.now, turn.person.id)
    link = Link(
        label=turn.say("console.link_label"), url=f"{turn.school.base_url}{PATH}?c={code}{f'&to={to}' if to else ''}"
    )
    return Reply(text=turn.say("console.link", minutes=int(VALID["enter"].total_seconds() // 60)), link=link)


def use(session: Session, code: str, cookie: str, old: str, now: datetime, span: Span, rule: str) -> str:
    """Use a one-time link up; answers with the next step. One answer for unknown, used and late ones."""
    row = session.get(Entrance, _digest(session, code), with_for_update=True)
    if row is None or row.until_at <= now:
        raise Refused("console.link_gone")
    session.delete(row)
    session.flush()
    step = sit(session, row.person_id, cookie, old, now, span, rule)
    if row.kind == "password":
        seat = session.get_one(Seat, seats.row_id(cookie))
        seat.step = step = "password"
        session.flush()
    return step


def _digest(session: Session, code: str) -> str:
    return seal_of(session).index("entrance.id", code[:64])


# -- a new password


def guarded(session: Session, person_id: str, now: datetime) -> str:
    """The password that is kept for a person who is in and must say it again, "" for none; such tries count too.

    Raises Refused ("console.wait") after too many.
    """
    wait = tries.knock(session, "number", person_id, now)
    if wait:
        raise Refused("console.wait", seconds=wait)
    found = session.execute(select(Credential.password).where(Credential.person_id == person_id)).scalar()
    return found or ""


def names(session: Session, person_id: str) -> tuple[str, ...]:
    """What a person's password may not be made of."""
    person = session.get_one(Person, person_id)
    return person.number, person.name, person.name_en


def set_password(session: Session, cookie: str, person_id: str, hashed: str, now: datetime) -> None:
    """Keep a new password; every other browser of this person is signed out (ASVS 5.0 7.4.3)."""
    credential = session.get(Credential, person_id, with_for_update=True)
    if credential is None:
        session.add(Credential(person_id=person_id, password=hashed, recovery=[], changed_at=now))
    else:
        credential.password, credential.changed_at = hashed, now
    session.flush()
    audit(session, now, person_id, "password", person_id)
    tries.forgive(session, "number", person_id)
    seats.leave_everywhere(session, person_id, now, but=cookie)
    session.execute(delete(Entrance).where(Entrance.person_id == person_id))


def remove_password(session: Session, number: str, now: datetime) -> str:
    """For an operator: a link to set a new password, while the old one and all browsers are void at once.

    Raises Refused where there is no such active member of staff.
    """
    person = directory.by_number(session, number)
    if person is None:
        raise Refused("run.no_person", number=number)
    code = invite(session, person, "password", now, None)
    credential = session.get(Credential, person.id)
    if credential is not None:
        credential.password = ""
    seats.leave_everywhere(session, person.id, now)
    return code
