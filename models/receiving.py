"""Looking up what came in before."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from models.db import plain
from models.dialogue import Received

# Built once, as every statement of the ordinary turn is: building costs as much as executing.
_ROW = Received.__table__.c
_BY_KEY = select(_ROW.id, _ROW.account_id, _ROW.seq, _ROW.answer).where(
    _ROW.channel == bindparam("channel"), _ROW.key == bindparam("key")
)

_KEEP = insert(Received.__table__)  # type: ignore[arg-type]


def keep(session: Session, values: dict[str, Any]) -> None:
    """Write a delivery down, {column: value}. Nobody needs the row as an object, so it is written as plain values."""
    plain(session).execute(_KEEP, values)


class Earlier(NamedTuple):
    """A delivery that came before under the same key, with its sealed answer."""

    id: str
    account_id: str | None
    seq: int
    answer: bytes


def stored(session: Session, channel: str, key: str) -> Earlier | None:
    """The earlier delivery of the same key, with its answer."""
    row = plain(session).execute(_BY_KEY, {"channel": channel, "key": key}).first()
    return None if row is None else Earlier(*row)
