"""Facts about the database itself, the item versions it knows, and the chained audit log."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Integer, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.seal import Seal

HEAD: Final = "audit-head"  # the meta row that keeps number and hash of the newest audit row, under the index key


class Meta(Base):
    """One fact by name: the check value of each key, the head of the audit log, a restore that waits for a word."""

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
    """Append one row to the chain; the lock on the last row keeps two writers from forking it.

    Where the session has keys, the head goes along, but only from the very row that it names: a head that differs
    stays as it is, so that rows which were cut off are missed for good and not healed by the next entry.
    """
    last = session.execute(select(Audit).order_by(Audit.id.desc()).limit(1).with_for_update()).scalar()
    number, before = (last.id + 1, last.chain) if last else (1, "")
    chain = _link(before, number, now, by_id, verb, thing)
    session.add(Audit(id=number, at=now, by_id=by_id, verb=verb, thing=thing, chain=chain))
    seal: Seal | None = session.info.get("seal")
    if seal is not None:
        head = session.get(Meta, HEAD)
        if head is None and last is None:
            session.add(Meta(name=HEAD, value=_head(seal, number, chain)))
        elif head is not None and last is not None and bytes(head.value) == _head(seal, last.id, last.chain):
            head.value = _head(seal, number, chain)
    session.flush()


def _head(seal: Seal, number: int, chain: str) -> bytes:
    """Number and hash of an audit row, and a word over both that only the index key can make."""
    return f"{number}:{chain}:{seal.index('meta.audit-head', f'{number}:{chain}')}".encode()


def newest_link(session: Session) -> tuple[int, str] | None:
    """Number and hash of the newest audit row, None where there is none; who keeps it elsewhere can prove later that
    the log up to there is the same."""
    last = session.execute(select(Audit.id, Audit.chain).order_by(Audit.id.desc()).limit(1)).first()
    return None if last is None else (last.id, last.chain)


def renew_head(session: Session, seal: Seal) -> None:
    """Take the newest row for the head as it stands: for a new index key, or a log from before there were heads."""
    last = newest_link(session)
    if last is not None:
        session.merge(Meta(name=HEAD, value=_head(seal, *last)))
        session.flush()


@dataclass(frozen=True, slots=True)
class HeadFault:
    """How the newest audit rows differ from the head.

    kind: cut (rows after `found` are gone, up to `wanted`), forged (the head, or the row that it names, was not written
    with our index key), missing (there is no head though there are rows). found, wanted: numbers of rows.
    """

    kind: str
    found: int
    wanted: int


def head_fault(session: Session | Connection, seal: Seal) -> HeadFault | None:
    """What is wrong with the end of the audit log, None when it ends where the head says."""
    rows = session.execute(select(Meta.value).where(Meta.name == HEAD)).scalar()
    newest = session.execute(select(func.max(Audit.id))).scalar() or 0
    if rows is None:
        return HeadFault("missing", newest, 0) if newest else None
    number, chain, word = (*bytes(rows).decode("ascii", "replace").split(":"), "", "")[:3]
    wanted = int(number) if number.isascii() and number.isdigit() else 0
    mac = seal.index("meta.audit-head", f"{number}:{chain}")
    if not wanted or not hmac.compare_digest(word.encode(), mac.encode()):
        return HeadFault("forged", newest, wanted)
    if newest < wanted:
        return HeadFault("cut", newest, wanted)
    there = session.execute(select(Audit.chain).where(Audit.id == newest)).scalar()
    return None if (newest, there) == (wanted, chain) else HeadFault("forged", newest, wanted)


def broken_link(session: Session) -> int | None:
    """The first row of the audit log that does not follow from the one before, or None when the chain holds."""
    before, expected = "", 1
    for row in session.execute(select(Audit).order_by(Audit.id)).scalars():
        if row.id != expected or row.chain != _link(before, row.id, row.at, row.by_id, row.verb, row.thing):
            return row.id
        before, expected = row.chain, expected + 1
    return None
