"""Messages in the outbox for tests: accounts, rows with a text each, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import directory
from models.base import new_id
from models.db import Database, seal_of
from models.message import Reply, pack, unpack
from models.outbox import Lane, Outbox, Sender
from models.person import Account
from tests.fakes.pusher import BOT

NOW = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)  # a Wednesday, nine o'clock in Shanghai
KEY = b"k" * 32


def post(
    database: Database, account: str, words: str, lane: Lane = Lane.interactive, now: datetime = NOW, bot: str = BOT
) -> str:
    """Put one message into the outbox of a bot's account; its row id."""

    def unit(session: Session) -> str:
        to = directory.account(session, bot, account, now)
        row = Outbox(
            id=new_id(now), bot=bot, account_id=to.id, lane=lane, dedupe_key=new_id(now), due_at=now, created_at=now,
            seq=directory.next_seq(session, to), body=b"",
        )  # fmt: skip
        row.body = seal_of(session).close(f"outbox.body:{row.id}", pack((Reply(text=words),)))
        session.add(row)
        return row.id

    return database.run(unit)


def row(database: Database, row_id: str) -> Outbox:
    """One row as it stands."""
    found = database.read(lambda session: session.get(Outbox, row_id))
    assert found is not None
    return found


def fates(database: Database) -> dict[str, str]:
    """The status of every message, by its text."""

    def query(session: Session) -> dict[str, str]:
        seal = seal_of(session)
        rows = session.execute(select(Outbox)).scalars()
        return {_words(seal, each): each.status for each in rows}

    return database.read(query)


def _words(seal: Any, each: Outbox) -> str:
    return unpack(seal.open(f"outbox.body:{each.id}", each.body))[0].text


def sender(database: Database) -> Sender:
    """The bot's lease as it stands."""
    found = database.read(lambda session: session.get(Sender, BOT))
    assert found is not None
    return found


def accounts(database: Database) -> list[str]:
    """Every account's key."""
    return list(database.read(lambda session: session.execute(select(Account.key)).scalars().all()))
