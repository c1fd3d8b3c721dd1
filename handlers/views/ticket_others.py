"""What an open ticket page asks for again and again: whether the ticket went on, and how whoever else is on it is called."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from handlers import access, directory
from handlers.turn import Turn
from models.db import plain
from models.person import Person
from models.ticket import Ticket

_STANDING = select(Ticket.id, Ticket.rev).where(
    Ticket.number == bindparam("number"),
    access.REACHED,
    (Ticket.requester_id.is_(None)) | (Ticket.requester_id != bindparam("person")),
)
_NAMES = select(Person).where(Person.id.in_(bindparam("ids", expanding=True)))


def standing(turn: Turn, number: str) -> tuple[str, int] | None:
    """A ticket's id and revision, None for one that the speaker may not answer."""
    if turn.person is None or turn.person.kind != "staff" or not turn.person.active:
        return None
    values = {"number": number, "person": turn.person.id, "now": turn.now}
    row = plain(turn.session).execute(_STANDING, values).first()
    return (row.id, row.rev) if row is not None else None


def names(turn: Turn, ids: Iterable[str]) -> dict[str, str]:
    """{person: name}."""
    wanted = list(ids)
    if not wanted:
        return {}
    found = turn.session.execute(_NAMES, {"ids": wanted}).scalars()
    return {person.id: directory.name_of(person, turn.lang) for person in found}
