"""One of our sides of the bench, in a process of its own: `python -m bench.sending client|recorded PORT AT_ONCE COUNT [URL]`.

Prints JSON: sends a second, CPU seconds a send, and CPU seconds to write a row of the outbox (0 without one).
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from bench.peers import TOKEN, WORDS, timed
from bot.channels.telegram.client import Telegram
from bot.courier import Courier
from handlers import directory
from models import migrate
from models.base import new_id
from models.db import Database, seal_of, wake
from models.message import Reply, pack
from models.numbering import post
from models.outbox import Lane
from models.seal import Seal
from models.sending import Claim, Outcome

PACE: Final = 10_000.0  # messages a second: nothing of the product waits, as far as the pace goes
CLAIMED: Final = 100  # messages that the courier may hold, asked for; its own choice would be 30
CHUNK: Final = 100  # rows of the outbox that one unit writes, as a notice to many is written
WARM: Final = 200
REPLY: Final = Reply(text=WORDS)


def now() -> datetime:
    """The instant."""
    return datetime.now(UTC)


class Narrow(Telegram):
    """The product's channel with so many requests under way at once, however many the courier has claimed."""

    def __init__(self, port: int, at_once: int) -> None:
        super().__init__(TOKEN, api_base=f"http://127.0.0.1:{port}", per_second=PACE, at_once=CLAIMED)
        self._places = asyncio.Semaphore(at_once)

    async def send(self, claim: Claim) -> Outcome:
        """Send when there is a place."""
        async with self._places:
            return await super().send(claim)


async def client(port: int, at_once: int, count: int) -> tuple[float, float, float]:
    """The channel alone: a claim is drawn, sent, and its answer read."""
    async with Telegram(TOKEN, api_base=f"http://127.0.0.1:{port}", per_second=PACE) as bot:

        async def send(number: int) -> None:
            outcome = await bot.send(Claim(str(number), str(1_000_000 + number), Lane.interactive, 0, REPLY))
            if outcome.kind != "sent":
                raise AssertionError(outcome)

        return *await timed(send, at_once, count), 0.0


async def recorded(port: int, at_once: int, count: int, url: str) -> tuple[float, float, float]:
    """Rows of the outbox, each to an account of its own, are claimed, sent and settled.

    They are written before, with no courier at work, and what that costs is told apart: the turn that answers writes
    them, whoever sends them.
    """
    migrate.upgrade(url)
    database = Database(url, Seal(b"k" * 32))
    accounts = database.run(lambda session: _accounts(session, WARM + count))
    async with Narrow(port, at_once) as bot:
        await _write(database, accounts[:WARM])
        await _carry(database, bot, WARM)
        gc.freeze()
        spent = time.process_time()
        await _write(database, accounts[WARM:])
        writing = time.process_time() - spent
        began, spent = time.perf_counter(), time.process_time()
        await _carry(database, bot, count)
        found = count / (time.perf_counter() - began), (time.process_time() - spent) / count, writing / count
    database.close()
    return found


async def _write(database: Database, accounts: list[str]) -> None:
    """Write a message to each account."""
    for first in range(0, len(accounts), CHUNK):
        chunk = accounts[first : first + CHUNK]
        await asyncio.wrap_future(database.submit(lambda session, chunk=chunk: _post(session, chunk)))  # type: ignore[misc]


async def _carry(database: Database, bot: Narrow, count: int) -> None:
    """A courier of its own, from its lease until so many messages are settled as sent."""
    courier, closing = Courier(database, bot, now, alone=database.is_sqlite), asyncio.Event()
    running = asyncio.create_task(courier.run(closing))
    while courier.carried.sent < count:
        if courier.carried.failed or courier.carried.held:
            raise AssertionError(courier.carried)
        await asyncio.sleep(0.01)
    closing.set()
    await running


def _accounts(session: Any, count: int) -> list[str]:
    return [directory.account(session, Telegram.name, str(1_000_000 + number), now()).id for number in range(count)]


def _post(session: Any, accounts: list[str]) -> None:
    at = now()
    for account in accounts:
        row = new_id(at)
        post(session, {
            "id": row, "bot": Telegram.name, "account_id": account, "lane": int(Lane.interactive), "dedupe_key": row,
            "status": "ready", "attempts": 0, "fence": 0, "reason": "", "ticket_id": None, "event_rev": None,
            "due_at": at, "created_at": at, "pressed": "", "refs": "", "ref": "", "card": "",
            "body": seal_of(session).close(f"outbox.body:{row}", pack((REPLY,))),
        })  # fmt: skip
        wake(session, account)


def main(kind: str, numbers: list[int], url: str) -> tuple[float, float, float]:
    """Measure one side once."""
    port, at_once, count = numbers
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    return asyncio.run(client(port, at_once, count) if kind == "client" else recorded(port, at_once, count, url))


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.stdout.write(json.dumps(main(asked[0], [int(each) for each in asked[1:4]], "".join(asked[4:]))) + "\n")
