"""What the health page says: that the database answers, and how many messages and updates wait. Nothing about anybody."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import directory
from models.inbox import Inbox
from models.outbox import UNSETTLED, Outbox


@dataclass(frozen=True, slots=True)
class Health:
    """Messages that are neither sent nor given up, and updates that nobody has worked on yet."""

    outbox_waiting: int
    inbox_waiting: int


def health(session: Session) -> Health:
    """Ask the database; raises Away when it cannot be asked."""
    # What a page fetches by itself waits for its reader, not for us.
    waiting = select(func.count()).where(Outbox.status.in_(UNSETTLED), Outbox.bot != directory.PULL)
    arrived = select(func.count()).select_from(Inbox).where(Inbox.status == "waiting")
    return Health(session.execute(waiting).scalar() or 0, session.execute(arrived).scalar() or 0)
