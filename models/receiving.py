"""Looking up what came in before."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.dialogue import Received

# Built once, as every statement of the ordinary turn is: building costs as much as executing.
_BY_KEY = select(Received).where(Received.channel == bindparam("channel"), Received.key == bindparam("key"))


def stored(session: Session, channel: str, key: str) -> Received | None:
    """The earlier delivery of the same key, with its answer."""
    return session.execute(_BY_KEY, {"channel": channel, "key": key}).scalar()
