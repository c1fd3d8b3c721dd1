"""Tokens of other systems: made, recognised, listed, revoked; each acts as one member of staff and sees no more."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from handlers import directory
from models.base import Instant, new_id
from models.db import plain, seal_of
from models.message import Refused
from models.meta import audit
from models.person import Person
from models.token import Token

PREFIX: Final = "yz_"  # so that whoever finds one in a file knows what it opens, and scanners for secrets do, too
FORM: Final = re.compile(r"yz_[A-Za-z0-9_-]{43}", re.ASCII)
NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,31}", re.ASCII)
SCOPES: Final = ("read", "write")
LONGEST: Final = timedelta(days=366)  # a token that nobody looks after ends by itself within a year
TO_THE_MINUTE: Final = timedelta(minutes=1)  # how exactly the last use is kept
_NOW: Final = bindparam("now", type_=Instant())
_IN_FORCE = (Token.revoked_at.is_(None), Token.until_at > _NOW)
_FOUND = (
    select(Token.id, Token.name, Token.person_id, Token.scope, Token.sensitive, Token.until_at, Token.used_at)
    .join(Person, Person.id == Token.person_id)
    .where(Token.digest == bindparam("digest"), *_IN_FORCE, Person.active, Person.kind == "staff")
)
_ANY = select(Token.id).where(*_IN_FORCE).limit(1)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token speaks for and what it may."""

    token_id: str
    name: str
    person_id: str
    scope: str
    sensitive: bool
    until_at: datetime
    used_at: datetime | None

    @property
    def may_write(self) -> bool:
        """Whether it may act, and not only read."""
        return self.scope == "write"


@dataclass(frozen=True, slots=True)
class Listed:
    """A token as the operator sees it; its secret is nowhere. status: "good", "revoked", "over" or "gone" (its person)."""

    name: str
    number: str
    whose: str
    scope: str
    sensitive: bool
    until_at: datetime
    used_at: datetime | None
    status: str


def issue(
    session: Session, name: str, number: str, scope: str, until_at: datetime, now: datetime, *, sensitive: bool = False
) -> str:
    """Make a token for a member of staff; answers with its secret, which is shown this once.

    Raises Refused: a name that is none or is taken, nobody of staff with that number, an end that is past or too far.
    """
    if not NAME.fullmatch(name):
        raise Refused("api.token_name")
    if scope not in SCOPES:
        raise Refused("api.token_scope")
    if not now < until_at <= now + LONGEST:
        raise Refused("api.token_until", days=LONGEST.days)
    person = directory.by_number(session, number)
    if person is None or person.kind != "staff" or not person.active:
        raise Refused("run.no_person", number=number)
    if _named(session, name) is not None:
        raise Refused("api.token_taken", name=name)
    secret = PREFIX + secrets.token_urlsafe(32)
    session.add(Token(id=new_id(now), name=name, digest=_digest(session, secret), person_id=person.id, scope=scope,
                      sensitive=sensitive, at=now, until_at=until_at))  # fmt: skip
    audit(session, now, None, "token_made", f"{name} {number}"[:64])
    return secret


def revoke(session: Session, name: str, now: datetime) -> bool:
    """End a token at once; False where it was revoked before. Raises Refused where no token has that name."""
    token = _named(session, name)
    if token is None:
        raise Refused("api.token_unknown", name=name)
    if token.revoked_at is not None:
        return False
    token.revoked_at = now
    audit(session, now, None, "token_revoked", name)
    return True


def listed(session: Session, now: datetime) -> list[Listed]:
    """Every token that ever was, the newest first."""
    rows = session.execute(select(Token, Person).join(Person, Person.id == Token.person_id).order_by(Token.id.desc()))
    return [
        Listed(token.name, person.number, person.name, token.scope, token.sensitive, token.until_at, token.used_at,
               _status(token, person, now))
        for token, person in rows
    ]  # fmt: skip


def recognise(session: Session, secret: str, now: datetime) -> Bearer | None:
    """Whom a secret speaks for now; None when it is unknown, revoked, over, or its person is no active staff any more."""
    if not FORM.fullmatch(secret):
        return None
    row = plain(session).execute(_FOUND, {"digest": _digest(session, secret), "now": now}).first()
    return None if row is None else Bearer(*row)


def is_any(session: Session, now: datetime) -> bool:
    """Whether there is any token in force; without one there is no API."""
    return plain(session).execute(_ANY, {"now": now}).first() is not None


def touch(session: Session, token_id: str, now: datetime) -> None:
    """Write down that a token was used."""
    token = session.get(Token, token_id)
    if token is not None:
        token.used_at = now


def _named(session: Session, name: str) -> Token | None:
    found: Token | None = session.execute(select(Token).where(Token.name == name)).scalar()
    return found


def _status(token: Token, person: Person, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.until_at <= now:
        return "over"
    return "good" if person.active and person.kind == "staff" else "gone"


def _digest(session: Session, secret: str) -> str:
    return seal_of(session).index("token.digest", secret)
