"""Browsers that are signed in to the console: recognise, take a seat, move on to the next step, leave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from handlers import directory
from models.credential import Credential, Seat
from models.grid import Duty
from models.message import Refused
from models.meta import audit
from models.person import Person

ADMINISTRATOR: Final = "administrator"  # the role, as the roster names it
UNDERWAY: Final = timedelta(minutes=10)  # to finish a sign-in whose password was right


@dataclass(frozen=True, slots=True)
class Span:
    """How long a browser stays in: without being used, and at the most (ASVS 5.0 7.3.1, 7.3.2)."""

    idle: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff at the console: who, in which roles now, and what the sign-in still lacks (step, "" nothing)."""

    person_id: str
    number: str
    name: str
    lang: str
    roles: frozenset[str]
    step: str
    has_password: bool
    has_second: bool
    until_at: datetime
    ends_at: datetime

    @property
    def is_in(self) -> bool:
        """Whether the sign-in is complete."""
        return not self.step

    @property
    def is_administrator(self) -> bool:
        """Whether the roster knows this person as an administrator, now."""
        return ADMINISTRATOR in self.roles


def row_id(cookie: str) -> str:
    """The id under which a cookie is kept: its SHA-256 in hex, so the table alone opens nothing."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def roles_of(session: Session, person_id: str, now: datetime) -> frozenset[str]:
    """The roles that a person has a duty in now."""
    statement = select(Duty.role).where(
        Duty.person_id == person_id, Duty.from_at <= now, or_(Duty.until_at.is_(None), Duty.until_at > now)
    )
    return frozenset(session.execute(statement).scalars())


def recognise(session: Session, cookie: str, now: datetime) -> Staff | None:
    """Whom a console cookie speaks for now: None when unknown, ended, or no active member of staff any more."""
    row = session.execute(
        select(Seat, Person, Credential)
        .join(Person, Person.id == Seat.person_id)
        .outerjoin(Credential, Credential.person_id == Seat.person_id)
        .where(
            Seat.id == row_id(cookie), Seat.until_at > now, Seat.ends_at > now, Person.active, Person.kind == "staff"
        )
    ).first()
    if row is None:
        return None
    seat, person = row[0], row[1]
    credential: Credential | None = row[2]  # an outer join: there may be none
    return Staff(
        person_id=person.id,
        number=person.number,
        name=directory.name_of(person, person.lang),
        lang=person.lang,
        roles=roles_of(session, person.id, now),
        step=seat.step,
        has_password=credential is not None and bool(credential.password),
        has_second=credential is not None and credential.totp is not None,
        until_at=seat.until_at,
        ends_at=seat.ends_at,
    )


def take(session: Session, cookie: str, person_id: str, now: datetime, span: Span, step: str = "") -> str:
    """Give a browser a seat under a new cookie; answers with the step that it must do next.

    Raises Refused where there is no such active member of staff.
    """
    person = session.get(Person, person_id)
    if person is None or not person.active or person.kind != "staff":
        raise Refused("console.nobody")
    until_at = now + (min(span.idle, UNDERWAY) if step else span.idle)
    session.add(
        Seat(id=row_id(cookie), person_id=person_id, step=step, at=now, until_at=until_at, ends_at=now + span.most)
    )
    audit(session, now, person_id, f"console_{step or 'in'}", person.number)
    session.flush()
    return step


def renew(session: Session, cookie: str, now: datetime, span: Span) -> None:
    """Put the idle end of a seat off, because it is being used; its last end stays."""
    seat = session.get(Seat, row_id(cookie))
    if seat is not None and not seat.step and seat.until_at > now:
        seat.until_at = min(now + span.idle, seat.ends_at)


def leave(session: Session, cookie: str, now: datetime) -> None:
    """Sign a browser out; its cookie opens nothing any more."""
    seat = session.get(Seat, row_id(cookie))
    if seat is not None:
        audit(session, now, seat.person_id, "console_out", seat.person_id)
        session.delete(seat)
        session.flush()


def leave_everywhere(session: Session, person_id: str, now: datetime, but: str = "") -> int:
    """Sign all browsers of a person out, but the one with this cookie; returns how many."""
    found = delete(Seat).where(Seat.person_id == person_id, Seat.id != row_id(but))
    gone = int(session.execute(found).rowcount)  # type: ignore[attr-defined]
    audit(session, now, person_id, "console_out_all", person_id)
    return gone
