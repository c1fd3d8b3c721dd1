"""Browsers and the accounts they speak for: sign in, be recognised, stay signed in while used, sign out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from handlers import directory
from models.message import Refused
from models.person import Account, Person, SignIn

RENEW_AFTER = timedelta(days=1)  # a sign-in in use is written at most once a day


@dataclass(frozen=True, slots=True)
class Signed:
    """Whom a browser speaks for: the account, and its person where one is bound (kind "student", "staff" or "")."""

    account_id: str
    account_key: str
    person_id: str | None
    kind: str
    name: str
    lang: str
    at: datetime
    until_at: datetime


def row_id(cookie: str) -> str:
    """The id under which a cookie is kept: its SHA-256 in hex, so the table alone opens nothing."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def recognise(session: Session, cookie: str, now: datetime) -> Signed | None:
    """Whom a cookie speaks for now; None when it is unknown, expired, or its person is no longer active."""
    row = session.execute(
        select(SignIn, Account, Person)
        .join(Account, Account.id == SignIn.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(SignIn.id == row_id(cookie), SignIn.until_at > now)
    ).first()
    if row is None:
        return None
    signin, account = row[0], row[1]
    person: Person | None = row[2]  # an outer join: there may be nobody
    if person is not None and not person.active:
        return None
    return _signed(signin, account, person)


def enter(session: Session, cookie: str, person_id: str, now: datetime, idle: timedelta) -> Signed:
    """Sign a browser in for a person under a new cookie; raises Refused when there is no such active person."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise Refused("home.nobody")
    account = directory.account(session, directory.PULL, person.id, now)
    account.person_id = person.id
    return _sign(session, cookie, account, person, now, idle)


def visit(session: Session, cookie: str, now: datetime, idle: timedelta) -> Signed:
    """The account of a browser that nobody is bound to; made when it writes for the first time."""
    known = recognise(session, cookie, now)
    if known is not None:
        return known
    session.execute(delete(SignIn).where(SignIn.id == row_id(cookie)))
    account = directory.account(session, directory.PULL, "v" + secrets.token_hex(16), now)
    return _sign(session, cookie, account, None, now, idle)


def renew(session: Session, cookie: str, now: datetime, idle: timedelta) -> None:
    """Put a sign-in's end off, because it is being used."""
    signin = session.get(SignIn, row_id(cookie))
    if signin is not None and signin.until_at > now:
        signin.until_at = now + idle


def leave(session: Session, cookie: str) -> None:
    """Sign a browser out; its cookie opens nothing any more."""
    session.execute(delete(SignIn).where(SignIn.id == row_id(cookie)))


def _sign(
    session: Session, cookie: str, account: Account, person: Person | None, now: datetime, idle: timedelta
) -> Signed:
    signin = SignIn(id=row_id(cookie), account_id=account.id, at=now, until_at=now + idle)
    session.add(signin)
    session.flush()
    return _signed(signin, account, person)


def _signed(signin: SignIn, account: Account, person: Person | None) -> Signed:
    lang = account.lang or (person.lang if person is not None else "")
    return Signed(
        account_id=account.id,
        account_key=account.key,
        person_id=person.id if person is not None else None,
        kind=person.kind if person is not None else "",
        name=directory.name_of(person, lang),
        lang=lang,
        at=signin.at,
        until_at=signin.until_at,
    )
