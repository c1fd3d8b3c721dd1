"""Browsers that are signed in to the console: recognise, take a seat, move on to the next step, leave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.orm import Session

from models.base import Instant
from models.credential import Credential, Seat
from models.db import plain
from models.grid import Duty
from models.message import Refused
from models.meta import audit
from models.person import Person
from models.unit import wake

ADMINISTRATOR: Final = "administrator"  # the role, as the roster names it
_NOW: Final = bindparam("now", type_=Instant())
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


# Asked at every page, so they are built once and read as plain rows.
_SEATED: Final = (
    select(
        Person.id, Person.number, Person.name, Person.name_en, Person.lang, Seat.step, Seat.until_at, Seat.ends_at,
        Credential.password, Credential.totp.is_not(None).label("has_second"),
    )
    .join(Person, Person.id == Seat.person_id)
    .outerjoin(Credential, Credential.person_id == Seat.person_id)
    .where(Seat.id == bindparam("seat"), Seat.until_at > _NOW, Seat.ends_at > _NOW, Person.active)
    .where(Person.kind == "staff")
)  # fmt: skip
_ROLES: Final = select(Duty.role).where(
    Duty.person_id == bindparam("person"), Duty.from_at <= _NOW, or_(Duty.until_at.is_(None), Duty.until_at > _NOW)
)


def recognise(session: Session, cookie: str, now: datetime) -> Staff | None:
    """Whom a console cookie speaks for now: None when unknown, ended, or no active member of staff any more."""
    row = plain(session).execute(_SEATED, {"seat": row_id(cookie), "now": now}).first()
    if row is None:
        return None
    return Staff(
        person_id=row.id,
        number=row.number,
        name=(row.name_en if row.lang == "en" else "") or row.name,
        lang=row.lang,
        roles=frozenset(plain(session).execute(_ROLES, {"person": row.id, "now": now}).scalars()),
        step=row.step,
        has_password=bool(row.password),
        has_second=bool(row.has_second),
        until_at=row.until_at,
        ends_at=row.ends_at,
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
    wake(session, person_id)  # The pages that stand open elsewhere look again, and are let in no more.
    return gone
