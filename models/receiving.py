"""Looking up what came in before."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dialogue import Received


def stored(session: Session, channel: str, key: str) -> Received | None:
    """The earlier delivery of the same key, with its answer."""
    return session.execute(select(Received).where(Received.channel == channel, Received.key == key)).scalar()
