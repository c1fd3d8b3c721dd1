"""Looking up what came in before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from models.dialogue import Received

# Built once, as every statement of the ordinary turn is: building costs as much as executing.
_BY_KEY = select(Received).where(Received.channel == bindparam("channel"), Received.key == bindparam("key"))

_KEEP = insert(Received.__table__)  # type: ignore[arg-type]


def keep(session: Session, values: dict[str, Any]) -> None:
    """Write a delivery down, {column: value}. Nobody needs the row as an object, so it is written as plain values."""
    session.execute(_KEEP, values)


def stored(session: Session, channel: str, key: str) -> Received | None:
    """The earlier delivery of the same key, with its answer."""
    return session.execute(_BY_KEY, {"channel": channel, "key": key}).scalar()
