"""Letting go of what is settled: old deliveries, old messages, sign-ins and codes that ran out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.dialogue import Dialogue, Received
from models.outbox import Delivery, Fired, Outbox
from models.person import Code, SignIn

BATCH: Final = 1000
RECEIVED: Final = timedelta(days=8)  # longer than any platform delivers again (Telegram: a day)
SETTLED: Final = timedelta(days=90)
HALF_SAID: Final = timedelta(days=30)


def tidy(session: Session, now: datetime) -> int:
    """Delete up to a batch of each kind; returns how many rows went. Called again until it returns 0."""
    gone = 0
    old: list[tuple[Any, Any, Any]] = [
        (Received, Received.id, Received.at < now - RECEIVED),
        (Outbox, Outbox.id, (Outbox.created_at < now - SETTLED) & Outbox.status.in_(
            (Delivery.sent, Delivery.seen, Delivery.failed))),
        (SignIn, SignIn.id, SignIn.until_at < now),
        (Code, Code.id, Code.until_at < now),
        (Dialogue, Dialogue.holder, Dialogue.at < now - HALF_SAID),
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


def claim_job(session: Session, job: str, fire_at: datetime) -> bool:
    """Whether this process is the one that does a once-per-cluster job for an instant."""
    if session.get(Fired, (job, fire_at)) is not None:
        return False
    session.add(Fired(job=job, fire_at=fire_at))
    session.flush()
    return True
