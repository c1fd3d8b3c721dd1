"""Letting go of what is settled: old deliveries and messages, files without a ticket, sign-ins that ran out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, exists, or_, select
from sqlalchemy.orm import Session

from models.asked import KEPT, Unanswered
from models.credential import Attempt, Entrance, Seat
from models.dialogue import Dialogue, Received
from models.inbox import Inbox
from models.outbox import Attachment, Delivery, Fired, Outbox
from models.person import Account, Code, SignIn
from models.token import Token

BATCH: Final = 1000
RECEIVED: Final = timedelta(days=8)  # longer than any platform delivers again (Telegram: a day)
SETTLED: Final = timedelta(days=90)
UNREADABLE: Final = timedelta(days=90)  # since it came; by then a person has looked, or nobody will
HALF_SAID: Final = timedelta(days=30)
LOOSE: Final = timedelta(days=30)  # a file that was sent and never became part of a ticket


def tidy(session: Session, now: datetime, loose: timedelta = LOOSE) -> int:
    """Delete up to a batch of each kind; returns how many rows went. Called again until it returns 0.

    loose: how long a file without a ticket stays.
    """
    gone = drop_loose(session, now, loose)
    old: list[tuple[Any, Any, Any]] = [
        (Received, Received.id, Received.at < now - RECEIVED),
        (Outbox, Outbox.id, (Outbox.created_at < now - SETTLED) & Outbox.status.in_(
            (Delivery.sent, Delivery.seen, Delivery.failed))),
        (Inbox, Inbox.id, (Inbox.status == "quarantined") & (Inbox.at < now - UNREADABLE)),
        (SignIn, SignIn.id, SignIn.until_at < now),
        (Code, Code.id, Code.until_at < now),
        (Seat, Seat.id, (Seat.until_at < now) | (Seat.ends_at < now)),
        (Entrance, Entrance.id, Entrance.until_at < now),
        (Attempt, Attempt.id, Attempt.forget_at < now),
        (Dialogue, Dialogue.holder, Dialogue.at < now - HALF_SAID),
        (Unanswered, Unanswered.id, Unanswered.last_on < (now - KEPT).date().isoformat()),
    ]  # fmt: skip
    for table, key, condition in old:
        batch = select(key).where(condition).limit(BATCH).scalar_subquery()
        gone += session.execute(
            delete(table).where(key.in_(batch)), execution_options={"synchronize_session": False}
        ).rowcount  # type: ignore[attr-defined]
    # By the whole key: the job's name alone would also take today's row, and the job would run twice.
    forgotten = delete(Fired).where(Fired.fire_at < now - SETTLED)
    result = session.execute(forgotten, execution_options={"synchronize_session": False})
    return gone + int(result.rowcount)  # type: ignore[attr-defined]


def drop_loose(session: Session, now: datetime, after: timedelta = LOOSE) -> int:
    """Delete the rows of up to a batch of files that belong to no ticket and are older than `after`; returns how many.

    A file of somebody who is still filling in a form stays: the form may be about to take it. Only the rows go here,
    in one step with the question whether a ticket has them, so none can be taken meanwhile; `Store.sweep` then finds
    the bytes without a row.
    """
    holder = or_(Dialogue.holder == "a" + Attachment.account_id, Dialogue.holder == "p" + Account.person_id)
    talks = exists().where(holder).correlate(Attachment, Account)
    old = (Attachment.ticket_id.is_(None), Attachment.at < now - after, ~talks)
    loose = select(Attachment.id).join(Account, Account.id == Attachment.account_id).where(*old).limit(BATCH)
    ids = list(session.execute(loose.with_for_update(of=Attachment, skip_locked=True)).scalars())
    gone = delete(Attachment).where(Attachment.id.in_(ids), Attachment.ticket_id.is_(None))
    result = session.execute(gone, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]


def forget_entrances(connection: Connection) -> int:
    """Delete every sign-in, every one-time code or link and every token of another system; returns how many. After a
    restore what was ended since the backup, such as a lost phone's sign-in or a used code, must not be good again."""
    return sum(connection.execute(delete(table)).rowcount for table in (SignIn, Code, Seat, Entrance, Token))


def known_files(session: Session, ids: Collection[str]) -> set[str]:
    """Which of these ids have a row."""
    return set(session.execute(select(Attachment.id).where(Attachment.id.in_(ids))).scalars())


def claim_job(session: Session, job: str, fire_at: datetime) -> bool:
    """Whether this process is the one that does a once-per-cluster job for an instant."""
    if session.get(Fired, (job, fire_at)) is not None:
        return False
    session.add(Fired(job=job, fire_at=fire_at))
    session.flush()
    return True
