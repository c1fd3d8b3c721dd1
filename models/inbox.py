"""What a platform handed over and nobody has worked on yet: kept before it is acknowledged, in order within an account."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import ID_LENGTH, Base, new_id
from models.db import plain, seal_of

log = structlog.get_logger()
MOST_KEY: Final = 128
NEAREST: Final = 8  # rows looked at for each that is wanted, before all are looked at
MOST_WAITING: Final = 300  # of one account; the door takes 30 a minute, so these are ten minutes of nothing else


class Inbox(Base):
    """One delivery of a push platform, as it came; the row goes in the transaction that holds its effect.

    key is the platform's own number of the delivery and `place` its order; `account` says whose turn it is, `album`
    joins pictures that were sent as one. A quarantined row is one that could not be read: it waits for a person.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index("ix_inbox_channel_status_place", "channel", "status", "place"),
        CheckConstraint("status in ('waiting', 'quarantined')", name="status"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    place: Mapped[int] = mapped_column(BigInteger)
    account: Mapped[str] = mapped_column(String(MOST_KEY), default="")
    album: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(12), default="waiting")
    body: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: what came, word for word
    trace: Mapped[str] = mapped_column(Text, default="")  # of a bug: code places only, never values


@dataclass(frozen=True, slots=True)
class Arrived:
    """A delivery as it came in. body: its text as the platform sent it; trace: why nobody can read it."""

    key: str
    place: int
    account: str
    body: str
    album: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that somebody is to work on now. at: when it was taken in; due_at: not before."""

    id: str
    key: str
    place: int
    account: str
    body: str
    album: str
    at: datetime
    due_at: datetime
    attempts: int


class Kept(NamedTuple):
    """What became of deliveries: how many are new, and the accounts of which no more was kept."""

    new: int
    full: frozenset[str]


_TABLE: Final[Any] = Inbox.__table__
# Built once, as every statement of the ordinary turn is: building costs as much as executing.
_KEEP: Final[dict[str, Any]] = {
    name: make(_TABLE).on_conflict_do_nothing(index_elements=["channel", "key"]).returning(_TABLE.c.id)
    for name, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_OF: Final[Any] = (_TABLE.c.channel == bindparam("this_channel"), _TABLE.c.status == "waiting")
_FREE: Final[Any] = (*_OF, _TABLE.c.account.notin_(bindparam("busy", expanding=True)))
_FULL: Final = (
    select(_TABLE.c.account).where(*_OF, _TABLE.c.account.in_(bindparam("accounts", expanding=True)))
    .group_by(_TABLE.c.account).having(func.count() >= MOST_WAITING)
)  # fmt: skip
_NEAREST: Final = (
    select(_TABLE.c.account, _TABLE.c.place).where(*_FREE).order_by(_TABLE.c.place).limit(bindparam("nearest"))
)  # fmt: skip
_HEADS: Final = (
    select(_TABLE).where(
        *_OF, _TABLE.c.place.in_(bindparam("places", expanding=True)), _TABLE.c.due_at <= bindparam("now")
    )
    .order_by(_TABLE.c.place).limit(bindparam("most"))
)  # fmt: skip
_FINISH: Final = delete(_TABLE).where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
_NEXT: Final = select(_TABLE.c.due_at).where(*_FREE).order_by(_TABLE.c.due_at).limit(1)


def accept(session: Session, channel: str, arrived: Iterable[Arrived], now: datetime) -> Kept:
    """Keep deliveries; one that lies here already is not kept twice. Whoever has too many waiting is to be told so.

    One that was worked on before is kept again, and the door's own key finds its answer.
    """
    rows = []
    arrived = list(arrived)
    full = _full(session, channel, {each.account for each in arrived})
    if full:
        log.warning("inbox_full", channel=channel, accounts=len(full))
    for each in arrived:
        if each.account in full:
            continue
        row_id = new_id(now)
        rows.append({
            "id": row_id, "channel": channel, "key": each.key[:64], "place": each.place, "account": each.account[:MOST_KEY],
            "album": each.album[:64], "at": now, "due_at": now, "attempts": 0, "trace": each.trace,
            "status": "quarantined" if each.trace else "waiting",
            "body": seal_of(session).close(f"inbox.body:{row_id}", each.body),
        })  # fmt: skip
    if not rows:
        return Kept(0, full)
    connection = plain(session)
    return Kept(len(connection.execute(_KEEP[connection.dialect.name], rows).all()), full)


def _full(session: Session, channel: str, accounts: Collection[str]) -> frozenset[str]:
    """The accounts that have more waiting than anybody says in earnest: what else they send is not kept."""
    found = plain(session).execute(_FULL, {"this_channel": channel, "accounts": sorted(accounts)})
    return frozenset(found.scalars())


def waiting(session: Session, channel: str, now: datetime, most: int, busy: Collection[str] = ()) -> list[Waiting]:
    """The oldest delivery of each account that has one due, oldest first, without the accounts in `busy`.

    A later delivery waits behind an earlier one of its account, due or not. Pictures of one album are one delivery's
    worth of work: see `album`.
    """
    mine = (Inbox.channel == channel, Inbox.status == "waiting", Inbox.account.notin_(busy))
    heads: dict[str, int] = {}
    near = {"this_channel": channel, "busy": sorted(busy), "nearest": most * NEAREST}
    seen = plain(session).execute(_NEAREST, near).all()
    for account, place in seen:
        heads.setdefault(account, place)
    if len(heads) < most and len(seen) == most * NEAREST:
        # A few accounts said so much that the others lie behind it.
        first = func.min(Inbox.place)
        each = select(Inbox.account, first).where(*mine).group_by(Inbox.account).order_by(first).limit(most * NEAREST)
        heads = {row.account: row[1] for row in session.execute(each)}
    if not heads:
        return []
    wanted = {"this_channel": channel, "places": sorted(heads.values()), "now": now, "most": most}
    rows = plain(session).execute(_HEADS, wanted).all()
    return [_opened(session, row) for row in rows if heads.get(row.account) == row.place]


def album(session: Session, channel: str, account: str, name: str) -> list[Waiting]:
    """Every delivery of one album that came so far, in order."""
    statement = select(Inbox).where(
        Inbox.channel == channel, Inbox.status == "waiting", Inbox.account == account, Inbox.album == name
    )
    return [_opened(session, row) for row in session.execute(statement.order_by(Inbox.place)).scalars()]


def _opened(session: Session, row: Any) -> Waiting:
    body = seal_of(session).open(f"inbox.body:{row.id}", row.body)
    return Waiting(row.id, row.key, row.place, row.account, body, row.album, row.at, row.due_at, row.attempts)


def finish(session: Session, ids: Collection[str]) -> None:
    """These were worked on: in the transaction that holds what came of them."""
    plain(session).execute(_FINISH, {"ids": list(ids)})


def put_off(session: Session, row_id: str, until: datetime, *, tried: bool = True) -> None:
    """Try again later: a file could not be fetched. tried: counts as an attempt, which waiting for the rest of an album or
    for a time that the platform named does not."""
    session.execute(
        update(Inbox).where(Inbox.id == row_id).values(due_at=until, attempts=Inbox.attempts + int(tried)),
        execution_options={"synchronize_session": False},
    )  # fmt: skip


def quarantine(session: Session, row_id: str, trace: str) -> None:
    """Set aside what nobody can read; trace: places in the code, never a value. Nobody else waits behind it."""
    session.execute(
        update(Inbox).where(Inbox.id == row_id).values(status="quarantined", trace=trace),
        execution_options={"synchronize_session": False},
    )  # fmt: skip


def next_due(session: Session, channel: str, busy: Collection[str] = ()) -> datetime | None:
    """When the next delivery is due of an account that is not in `busy`, None when there is none."""
    return plain(session).execute(_NEXT, {"this_channel": channel, "busy": sorted(busy)}).scalar()
