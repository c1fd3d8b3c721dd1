"""One-time codes that bind an account to a person."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from handlers import directory
from handlers.turn import Turn
from models.db import seal_of
from models.message import Refused, Reply
from models.meta import audit
from models.person import Code, Person
from models.ticket import Ticket

VALID: Final = timedelta(minutes=10)
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 8  # 30**8 is about 39 bits; at 30 tries a minute one code falls with a chance below 5 in 10**10


def issue(session: Session, person: Person, now: datetime, by_id: str | None = None) -> str:
    """A new code for a person; those given before are void. by_id: the member of staff who gives it, None an operator."""
    audit(session, now, by_id, "code", person.number)
    session.execute(delete(Code).where(Code.person_id == person.id))
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    session.add(Code(id=_digest(session, code), person_id=person.id, until_at=now + VALID))
    return code


def bind(turn: Turn, code: str) -> tuple[Reply, ...]:
    """Bind the speaker's account with a code; one answer for wrong, used and expired ones."""
    if turn.account is None:
        raise Refused("bind.failed")
    if turn.person is not None:
        raise Refused("bind.already", name=directory.name_of(turn.person, turn.lang))
    row = turn.session.get(Code, _digest(turn.session, code), with_for_update=True)
    person = turn.session.get(Person, row.person_id) if row is not None and row.until_at > turn.now else None
    if row is None or person is None or not person.active:
        raise Refused("bind.failed")
    turn.session.delete(row)
    turn.account.person_id = person.id
    # What was opened before anybody was bound here is the person's own from now on.
    turn.session.execute(
        update(Ticket)
        .where(Ticket.account_id == turn.account.id, Ticket.requester_id.is_(None))
        .values(requester_id=person.id)
    )
    turn.session.flush()
    return (Reply(text=turn.say("bind.done", name=directory.name_of(person, turn.lang))),)


def explain(turn: Turn) -> Reply:
    """How an account is bound and where the code comes from; to staff, how they give one to a student."""
    if turn.person is not None and turn.person.kind == "staff":
        return Reply(text=turn.say("bind.how_staff"))
    if turn.person is not None:
        return Reply(text=turn.say("bind.already", name=directory.name_of(turn.person, turn.lang)))
    return Reply(text=turn.say("bind.how_demo" if turn.school.demo else "bind.how"))


def _digest(session: Session, code: str) -> str:
    return seal_of(session).index("code.id", re.sub(r"[\s-]", "", code).upper())
