"""The second factor: six digits of an authenticator (TOTP, RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy.orm import Session

from handlers import tries
from handlers.seats import Staff, leave_everywhere, row_id
from models.credential import Credential, Seat
from models.db import seal_of
from models.message import Refused
from models.meta import audit

STEP: Final = 30  # seconds
WINDOW: Final = (-1, 0, 1)  # steps; a phone's clock may be half a minute off
CODES: Final = 10
_ALPHABET: Final = "23456789abcdefghjkmnpqrstvwxyz"  # 30 letters: ten of them are 49 bits


def is_required(staff: Staff, setting: str) -> bool:
    """Whether the school demands a second factor of this person. setting: "administrators" or "everybody"."""
    return setting == "everybody" or staff.is_administrator


def begin(session: Session, cookie: str) -> None:
    """Make a new secret for an authenticator that is being set up; it waits at this browser's seat."""
    seat = session.get_one(Seat, row_id(cookie))
    seat.secret = seal_of(session).close(f"seat.secret:{seat.id}", pyotp.random_base32())


def pending(session: Session, cookie: str) -> str:
    """The secret that is being set up at this browser, "" for none."""
    seat = session.get(Seat, row_id(cookie))
    if seat is None or seat.secret is None:
        return ""
    return seal_of(session).open(f"seat.secret:{seat.id}", seat.secret)


def address(secret: str, number: str, school: str) -> str:
    """The otpauth address that an authenticator reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=number, issuer_name=school)


def enrol(session: Session, cookie: str, person_id: str, code: str, now: datetime) -> tuple[str, ...]:
    """Take the new authenticator, once it has shown a right code; answers with ten recovery codes, kept as hashes only.

    All other browsers of this person are signed out (ASVS 5.0 7.4.3). Raises Refused for a wrong code.
    """
    secret = pending(session, cookie)
    step = _step(secret, code, 0, now) if secret else 0
    if not step:
        raise Refused("console.code_wrong")
    credential = session.get(Credential, person_id, with_for_update=True)
    if credential is None:
        credential = Credential(person_id=person_id, password="", recovery=[], changed_at=now)
        session.add(credential)
    seal = seal_of(session)
    codes = tuple("".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(CODES))
    credential.totp = seal.close(f"credential.totp:{person_id}", secret)
    credential.totp_step = step
    credential.recovery = [seal.index("credential.recovery", f"{person_id}:{each}") for each in codes]
    seat = session.get_one(Seat, row_id(cookie))
    seat.secret = None
    audit(session, now, person_id, "second_factor_on", person_id)
    leave_everywhere(session, person_id, now, but=cookie)
    return tuple(f"{each[:5]}-{each[5:]}" for each in codes)


def check(session: Session, person_id: str, code: str, now: datetime) -> bool:
    """Whether a code of the authenticator, or a recovery code, is right; each is good once. Tries are counted.

    Raises Refused ("console.wait") after too many.
    """
    wait = tries.knock(session, "second", person_id, now)
    if wait:
        raise Refused("console.wait", seconds=wait)
    credential = session.get(Credential, person_id, with_for_update=True, populate_existing=True)
    if credential is None or credential.totp is None:
        return False
    given = "".join(code.split()).replace("-", "").lower()[:20]
    seal = seal_of(session)
    step = _step(seal.open(f"credential.totp:{person_id}", credential.totp), given, credential.totp_step, now)
    hashed = seal.index("credential.recovery", f"{person_id}:{given}")
    if step:
        credential.totp_step = step
    elif hashed in credential.recovery:
        credential.recovery = [each for each in credential.recovery if each != hashed]
        audit(session, now, person_id, "recovery_code", person_id)
    else:
        return False
    tries.forgive(session, "second", person_id)
    return True


def forget(session: Session, person_id: str, now: datetime, by_id: str | None) -> None:
    """Take a person's second factor away: by_id is the person, or None for an operator."""
    credential = session.get(Credential, person_id, with_for_update=True)
    if credential is not None and credential.totp is not None:
        credential.totp, credential.totp_step, credential.recovery = None, 0, []
        audit(session, now, by_id, "second_factor_off", person_id)


def _step(secret: str, code: str, newest: int, now: datetime) -> int:
    """The 30-second step that six digits belong to, 0 when they are wrong or of a step that was taken already."""
    given = "".join(code.split())
    at = int(now.timestamp()) // STEP
    found = 0
    for step in (at + each for each in WINDOW):
        right = pyotp.TOTP(secret).at(step * STEP)
        if hmac.compare_digest(right.encode(), given.encode()) and step > newest:
            found = step
    return found
