"""The order of locks: whose turn it is, and the numbers of accounts' streams, given at the very end of a unit.

A number is seen by others only in the order in which it was given, so whoever gives one holds the account's row until
its commit. Two people who write to each other at once would hold their own row and wait for the other's. Therefore
every unit locks in one order, which cannot cross:

1. the speaker's turn: an advisory lock on PostgreSQL, by which messages of one account wait for each other;
2. what is half said, and the rows of tickets;
3. the rows of accounts, all of them here, by id, when everything else is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import bindparam, event, insert, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from models.outbox import Outbox
from models.person import Account
from models.unit import UnitSession, at_end, plain

# What a speaker's turn may change in the account, apart from its number.
WRITTEN: Final = ("person_id", "lang", "offered", "more", "closed", "used_at")
_TURN: Final = text("select pg_advisory_xact_lock(hashtextextended(:who, 0))")
_TRY_TURN: Final = text("select pg_try_advisory_xact_lock(hashtextextended(:who, 0))")
_ROW = Account.__table__.c
_GIVE = (
    update(Account.__table__)  # type: ignore[arg-type]
    .where(_ROW.id == bindparam("account"))
    .values(seq=_ROW.seq + bindparam("count"))
    .returning(_ROW.seq)
)
_GIVE_AND_WRITE = _GIVE.values({name: bindparam(f"new_{name}") for name in WRITTEN})
# From so many on the rows are locked by one statement and written by one more, however many there are.
MANY: Final = 4
MOST: Final = 1000  # ids in one statement
_LOCK = (
    select(_ROW.id, _ROW.seq)
    .where(_ROW.id.in_(bindparam("accounts", expanding=True)))
    .order_by(_ROW.id)
    .with_for_update(key_share=True)
)
_SET = update(Account.__table__).where(_ROW.id == bindparam("account")).values(seq=bindparam("last"))  # type: ignore[arg-type]
_SEND: Final = insert(Outbox.__table__)  # type: ignore[arg-type]


def take_turn(session: Session, channel: str, key: str) -> None:
    """Wait until no other unit speaks for this account; SQLite has one writer, who need not ask.

    It comes before everything that is read, so that this unit sees what the one before it did.
    """
    if plain(session).dialect.name == "postgresql":
        plain(session).execute(_TURN, {"who": f"{channel}:{key}"})


def try_turn(session: Session, channel: str, key: str) -> bool:
    """Take another account's turn beside one's own, without waiting; False while another unit speaks for it.

    Two speakers who waited for each other's turn would wait for ever.
    """
    if plain(session).dialect.name != "postgresql":
        return True
    return bool(plain(session).execute(_TRY_TURN, {"who": f"{channel}:{key}"}).scalar())


def speak_for(session: Session, account: Account) -> None:
    """What this unit changes in the speaker's account is written by `give`, and by no flush before it."""
    session.info["speaker"] = account


@event.listens_for(UnitSession, "before_flush")
def _keep_back(session: Session, *_: Any) -> None:
    speaker = session.info.get("speaker")
    if speaker is not None and instance_state(speaker).modified:
        for name in WRITTEN:
            set_committed_value(speaker, name, getattr(speaker, name))


def post(session: Session, row: dict[str, Any]) -> None:
    """Put a row into the outbox, {column: value} without "seq", at the end of this unit."""
    session.info.setdefault("posted", []).append(row)
    at_end(session, give)


@contextmanager
def contained(session: Session) -> Iterator[None]:
    """A savepoint: what was posted within goes with everything else when it fails."""
    posted = session.info.setdefault("posted", [])
    before = len(posted)
    try:
        with session.begin_nested():
            yield
    except BaseException:
        del posted[before:]
        raise


def give(session: Session, speaker: Account | None = None) -> int:
    """Give this unit's numbers and write its rows of the outbox; nothing may lock a row after this.

    speaker: the account whose turn this is; its row is written too, and it takes a number before what is posted to
    it. Returns that number, 0 without a speaker.
    """
    session.flush()
    posted: list[dict[str, Any]] = session.info.get("posted", [])
    counts = Counter(row["account_id"] for row in posted)
    if speaker is not None:
        counts[speaker.id] += 1
    following = _many(session, counts) if speaker is None and len(counts) >= MANY else {}
    for account_id in sorted(counts.keys() - following.keys()):
        values: dict[str, Any] = {"account": account_id, "count": counts[account_id]}
        statement = _GIVE
        if speaker is not None and account_id == speaker.id:
            statement = _GIVE_AND_WRITE
            values |= {f"new_{name}": getattr(speaker, name) for name in WRITTEN}
        last = plain(session).execute(statement, values).scalar_one()
        following[account_id] = last - counts[account_id] + 1
    first = 0
    if speaker is not None:
        first = following[speaker.id]
        following[speaker.id] += 1
        set_committed_value(speaker, "seq", first + counts[speaker.id] - 1)
    if posted:
        for row in posted:
            row["seq"] = following[row["account_id"]]
            following[row["account_id"]] += 1
        plain(session).execute(_SEND, posted)
        posted.clear()
    return first


def _many(session: Session, counts: Counter[str]) -> dict[str, int]:
    """Give many accounts their numbers: {id: the first of them}. Their rows are locked in the order of ids."""
    found: dict[str, int] = {}
    ids = sorted(counts)
    for start in range(0, len(ids), MOST):
        rows = plain(session).execute(_LOCK, {"accounts": ids[start : start + MOST]})
        found.update((row.id, row.seq) for row in rows)
    values = [{"account": id_, "last": seq + counts[id_]} for id_, seq in found.items()]
    if values:
        plain(session).execute(_SET, values)
    return {id_: seq + 1 for id_, seq in found.items()}
