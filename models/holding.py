"""What waits for a person: messages that were perhaps sent, updates that nobody could read, and what is decided on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.db import wake
from models.inbox import Inbox
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


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One update that could not be read, without its words. since: when it came. where: the place that tripped over it."""

    id: str
    channel: str
    since: datetime
    where: str


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many updates wait to be worked on, the oldest's instant (None for none), and those quarantined, oldest first."""

    waiting: int
    since: datetime | None
    quarantined: Sequence[Quarantined]


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


def list_quarantined(session: Session) -> list[Quarantined]:
    """Every quarantined update, oldest first; of its trace the last line only, which is where it tripped."""
    rows = session.execute(
        select(Inbox.id, Inbox.channel, Inbox.at, Inbox.trace)
        .where(Inbox.status == "quarantined")
        .order_by(Inbox.at, Inbox.place, Inbox.id)
    )
    return [Quarantined(row.id, row.channel, row.at, (row.trace.strip().splitlines() or [""])[-1]) for row in rows]


def count_inbox(session: Session) -> InboxCounts:
    """How the inbox of all channels is."""
    row = session.execute(select(func.count(), func.min(Inbox.at)).where(Inbox.status == "waiting")).one()
    return InboxCounts(row[0], row[1], list_quarantined(session))


def drop_quarantined(session: Session, ids: Sequence[str], now: datetime, by_id: str | None = None) -> int:
    """Delete those of these ids that are quarantined updates; returns how many. Each is written into the audit log."""
    wanted = select(Inbox).where(Inbox.status == "quarantined", Inbox.id.in_(ids)).order_by(Inbox.id)
    rows = list(session.execute(wanted.with_for_update()).scalars())
    for row in rows:
        audit(session, now, by_id, "update_dropped", row.id)
        session.delete(row)
    return len(rows)


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
    """Give held messages up, these or (None) every one; they count as failed, so the ticket shows it. As `release`.

    An id may also be that of a quarantined update, which is deleted; None leaves all of those where they are.
    """
    updates: set[str] = set()
    if ids is not None:
        updates = {each.id for each in list_quarantined(session)} & set(ids)
        drop_quarantined(session, sorted(updates), now, by_id)
        ids = [each for each in ids if each not in updates]
    rows = _chosen(session, ids)
    for row in rows:
        row.status, row.settled_at, row.reason = Delivery.failed, now, "dropped"
        audit(session, now, by_id, "dropped", row.id)
    return len(rows) + len(updates)


def _chosen(session: Session, ids: Sequence[str] | None) -> list[Outbox]:
    wanted = select(Outbox).where(Outbox.status == Delivery.held).order_by(Outbox.created_at, Outbox.id)
    if ids is not None:
        wanted = wanted.where(Outbox.id.in_(ids))
    rows = list(session.execute(wanted.with_for_update()).scalars())
    for missing in sorted(set(ids or ()) - {row.id for row in rows}):
        raise Refused("held.unknown", id=missing)
    return rows
