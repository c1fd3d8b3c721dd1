"""Whether anything at all waits for the clock, asked with one statement that only reads: there is nearly always nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from handlers import proofs
from models.base import Instant
from models.db import plain
from models.desk import Postponed
from models.proof import Proof
from models.sorting import OwnReminder
from models.ticket import Ticket

_NOW: Final = bindparam("now", type_=Instant())
_NEAR: Final = bindparam("near", type_=Instant())


def _first(wanted: Select[Any], column: Any) -> Any:
    """The first by an instant, in the order of its index alone: PostgreSQL would else look through a table of which it
    believes that everything in it is due."""
    return wanted.order_by(column).limit(1).scalar_subquery()


_WAITS: Final = select(
    _first(select(Ticket.due_at).where(Ticket.due_at <= _NOW), Ticket.due_at).label("ticket"),
    _first(select(Postponed.tell_at).where(Postponed.tell_at <= _NOW), Postponed.tell_at).label("postponed"),
    _first(
        select(Proof.due_at).where(
            Proof.status == "owed", Proof.due_at <= _NEAR, (Proof.reminded_at.is_(None)) | (Proof.due_at <= _NOW)
        ),
        Proof.due_at,
    ).label("proof"),
    _first(select(OwnReminder.remind_at).where(OwnReminder.remind_at <= _NOW), OwnReminder.remind_at).label("own"),
)  # fmt: skip


class Due(NamedTuple):
    """What waits by now. limits: of tickets (`deadlines.sweep`). notices: those put off, what has to be shown, and reminders
    of one's own."""

    limits: bool
    notices: bool


def look(session: Session, now: datetime) -> Due:
    """What the clock has to do by now. Several processes may be told the same; each step takes its rows for itself."""
    row = plain(session).execute(_WAITS, {"now": now, "near": now + proofs.REMINDED}).one()
    return Due(row.ticket is not None, any(at is not None for at in (row.postponed, row.proof, row.own)))
