"""What the web chat shows: one account's stream of what was said, what was answered, and notices, by number."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.db import seal_of
from models.dialogue import Received
from models.message import Reply, unpack
from models.outbox import Delivery, Outbox

MOST = 60  # entries of one page; an older conversation is not needed to go on


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said: words, or the label of the button that was pressed, or a file's name.

    quote: the number of the ticket that was quoted.
    """

    text: str = ""
    press: str = ""
    label: str = ""
    file: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a stream. said is None for a notice. is_fresh: a notice that no page has shown yet.

    key: the client's own id of what it sent, so that a page knows its message again.
    """

    seq: int
    at: datetime
    mine: Said | None
    replies: tuple[Reply, ...] = ()
    is_notice: bool = False
    is_fresh: bool = False
    key: str = field(default="")


def entries(session: Session, account_id: str, after: int, most: int = MOST) -> list[Entry]:
    """The stream of an account in order: the next `most` after a number, or the last `most` when after is 0."""
    merged = [*_heard(session, account_id, after, most), *_told(session, account_id, after, most)]
    merged.sort(key=lambda entry: entry.seq)
    return merged[:most] if after > 0 else merged[-most:]


def entry(session: Session, account_id: str, seq: int) -> list[Entry]:
    """The exchange with a number, as a list of one; of none when the account has no such exchange."""
    statement = select(Received).where(Received.account_id == account_id, Received.seq == seq)
    return [_exchange(session, row) for row in session.execute(statement).scalars()]


def is_known(session: Session, channel: str, key: str) -> bool:
    """Whether a delivery was received before, so that its file need not be kept a second time."""
    return bool(session.execute(select(exists().where(Received.channel == channel, Received.key == key))).scalar())


def _heard(session: Session, account_id: str, after: int, most: int) -> list[Entry]:
    statement = select(Received).where(Received.account_id == account_id, Received.seq > after)
    order = Received.seq if after > 0 else Received.seq.desc()
    return [_exchange(session, row) for row in session.execute(statement.order_by(order).limit(most)).scalars()]


def _told(session: Session, account_id: str, after: int, most: int) -> list[Entry]:
    statement = select(Outbox).where(Outbox.account_id == account_id, Outbox.seq > after, Outbox.seq > 0)
    order = Outbox.seq if after > 0 else Outbox.seq.desc()
    return [_notice(session, row) for row in session.execute(statement.order_by(order).limit(most)).scalars()]


def _exchange(session: Session, row: Received) -> Entry:
    seal = seal_of(session)
    body = json.loads(seal.open(f"received.body:{row.id}", row.body))
    answer = seal.open(f"received.answer:{row.id}", row.answer) if row.answer else ""
    file = body.get("file") or ""
    said = Said(
        text=str(body.get("text") or ""),
        press=str(body.get("press") or ""),
        label=str(body.get("label") or ""),
        file=str(file.get("name", "")) if isinstance(file, dict) else str(file),
        quote=str(body.get("quote") or ""),
    )
    parts = row.key.split(":")
    return Entry(
        seq=row.seq,
        at=row.at,
        mine=said,
        replies=unpack(answer) if answer else (),
        key=parts[1] if len(parts) > 1 else "",
    )


def _notice(session: Session, row: Outbox) -> Entry:
    replies = unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))
    return Entry(
        seq=row.seq,
        at=row.created_at,
        mine=None,
        replies=replies,
        is_notice=True,
        is_fresh=row.status == Delivery.ready,
    )
