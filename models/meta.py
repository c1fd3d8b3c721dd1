"""Facts about the database itself, the item versions it knows, and the chained audit log."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base


class Meta(Base):
    """One fact by name: the check value of each key, the school's instance id, a restore that waits for a word."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class ItemVersion(Base):
    """A service item as it stood when tickets were opened under it."""

    __tablename__ = "item_version"

    service: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Audit(Base):
    """Who looked at or changed what needs a record; append-only, each row hashed with the one before."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by_id: Mapped[str | None] = mapped_column(String(22))
    verb: Mapped[str] = mapped_column(String(32))
    thing: Mapped[str] = mapped_column(String(64))
    chain: Mapped[str] = mapped_column(String(64))


def _link(before: str, number: int, at: datetime, by_id: str | None, verb: str, thing: str) -> str:
    # As JSON no part can run into its neighbour; in UTC, since that is how the instant is read back.
    line = json.dumps([before, number, at.astimezone(UTC).isoformat(), by_id, verb, thing])
    return hashlib.sha256(line.encode()).hexdigest()


def audit(session: Session, now: datetime, by_id: str | None, verb: str, thing: str) -> None:
    """Append one row to the chain; the lock on the last row keeps two writers from forking it."""
    last = session.execute(select(Audit).order_by(Audit.id.desc()).limit(1).with_for_update()).scalar()
    number, before = (last.id + 1, last.chain) if last else (1, "")
    chain = _link(before, number, now, by_id, verb, thing)
    session.add(Audit(id=number, at=now, by_id=by_id, verb=verb, thing=thing, chain=chain))
    session.flush()


def broken_link(session: Session) -> int | None:
    """The first row of the audit log that does not follow from the one before, or None when the chain holds."""
    before, expected = "", 1
    for row in session.execute(select(Audit).order_by(Audit.id)).scalars():
        if row.id != expected or row.chain != _link(before, row.id, row.at, row.by_id, row.verb, row.thing):
            return row.id
        before, expected = row.chain, expected + 1
    return None
