"""Messages that are held because they were perhaps sent: who they were for, and what a person decides about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import wake
from models.message import Refused
from models.meta import audit
from models.outbox import Delivery, Lane, Outbox
from models.person import Account, Person
from models.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Held:
    """One held message without its words.

    name, number: of the person, "" where nobody is bound. channel: where it goes. lane: its class. ticket: the number
    of the ticket that it is about, "" for none. since: when it was written. why: as the courier or the restore noted.
    """

    id: str
    name: str
    number: str
    channel: str
    lane: Lane
    ticket: str
    since: datetime
    why: str


def list_held(session: Session) -> list[Held]:
    """Every held message, oldest first."""
    rows = session.execute(
        select(Outbox, Person.name, Person.number, Account.channel, Ticket.number)
        .join(Account, Account.id == Outbox.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(Ticket, Ticket.id == Outbox.ticket_id)
        .where(Outbox.status == Delivery.held)
        .order_by(Outbox.created_at, Outbox.id)
    )
    return [
        Held(row.id, name or "", number or "", channel, Lane(row.lane), ticket or "", row.created_at, row.reason)
        for row, name, number, channel, ticket in rows
    ]


def release(session: Session, ids: Sequence[str] | None, now: datetime, by_id: str | None = None) -> int:
    """Send held messages after all, these or (None) every one; returns how many. Each is written into the audit log.

    by_id: the person who decides, None for the operator. Raises Refused ("held.unknown", id) for one that is not held.
    """
    rows = _chosen(session, ids)
    for row in rows:
        row.status, row.due_at, row.reason = Delivery.ready, now, "released"
        audit(session, now, by_id, "released", row.id)
        wake(session, row.account_id)
    return len(rows)


def drop(session: Session, ids: Sequence[str] | None, now: datetime, by_id: str | None = None) -> int:
    """Give held messages up, these or (None) every one; they count as failed, so the ticket shows it. As `release`."""
    rows = _chosen(session, ids)
    for row in rows:
        row.status, row.settled_at, row.reason = Delivery.failed, now, "dropped"
        audit(session, now, by_id, "dropped", row.id)
    return len(rows)


def _chosen(session: Session, ids: Sequence[str] | None) -> list[Outbox]:
    wanted = select(Outbox).where(Outbox.status == Delivery.held).order_by(Outbox.created_at, Outbox.id)
    if ids is not None:
        wanted = wanted.where(Outbox.id.in_(ids))
    rows = list(session.execute(wanted.with_for_update()).scalars())
    for missing in sorted(set(ids or ()) - {row.id for row in rows}):
        raise Refused("held.unknown", id=missing)
    return rows
