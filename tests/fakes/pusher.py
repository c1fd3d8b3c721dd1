"""A push platform as strict as the real ones: paces, refusals, time-outs on either side of the effect, and a memory."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.courier import Courier
from models import sending
from models.db import Database
from models.seal import Seal
from models.sending import Claim, Outcome

BOT = "telegram"
BLOCKED = Outcome("", "failed", "403 bot was blocked by the user")
LEASE = 0.8  # seconds, of a courier in a process of its own
Before = Callable[[Claim], None]


class Arrival(NamedTuple):
    """One message that reached somebody's screen."""

    account: str
    text: str
    at: float


class Pusher:
    """The platform and its channel in one.

    It answers each message by the next word of `plan[text]`, or of `plan[""]`: "ok"; "blocked" (403); "unreachable"
    (no connection, so nothing was done); "lost" (time-out, nothing was done); "late" (done, then a time-out); "hang"
    (done, and no answer ever); "bug" (the channel itself raises); "429:3" (wait three seconds). It answers 429 by
    itself to whoever writes faster than one message per `chat_seconds` to one account, and notes what no courier may
    do: two at a time to one account, or a word before the wait was over.
    """

    name = BOT
    chat_burst = 1

    def __init__(
        self, *, per_second: float = 1000.0, at_once: int = 8, chat_gap: float = 0.0, chat_seconds: float = 0.0
    ) -> None:  # fmt: skip
        self.per_second, self.at_once, self.chat_gap = per_second, at_once, chat_gap
        self.chat_seconds = chat_seconds
        self.plan: dict[str, deque[str]] = defaultdict(deque)
        self.arrivals: list[Arrival] = []
        self.asked: list[str] = []  # every request, in order
        self.offences: list[str] = []
        self.before: Before | None = None  # called when a request comes in, before anything is done
        self._busy: set[str] = set()
        self._last: dict[str, float] = {}
        self._quiet_until = 0.0

    async def send(self, claim: Claim) -> Outcome:
        """One request."""
        words = claim.reply.text
        self.asked.append(words)
        if claim.account in self._busy:
            self.offences.append(f"two at a time to {claim.account}")
        if time.monotonic() < self._quiet_until:
            self.offences.append(f"{words} before the wait was over")
        self._busy.add(claim.account)
        try:
            if self.before is not None:
                self.before(claim)
            await asyncio.sleep(0)
            return await self._answer(claim, words)
        finally:
            self._busy.discard(claim.account)

    async def _answer(self, claim: Claim, words: str) -> Outcome:
        plan = self.plan[words] or self.plan[""]
        word, _, number = (plan.popleft() if plan else "ok").partition(":")
        since = time.monotonic() - self._last.get(claim.account, float("-inf"))
        if word == "ok" and since < self.chat_seconds:
            word, number = "429", str(self.chat_seconds - since)
        if word == "429":
            self._quiet_until = time.monotonic() + float(number) * 0.9
            return Outcome(claim.id, "throttled", "429", float(number))
        if word == "blocked":
            return Outcome(claim.id, BLOCKED.kind, BLOCKED.reason)
        if word == "unreachable":
            return Outcome(claim.id, "not_sent", "no connection")
        if word == "bug":
            raise RuntimeError(word)
        if word == "lost":
            raise TimeoutError
        self._arrive(claim.account, words)
        if word == "hang":
            await asyncio.Event().wait()
        if word == "late":
            raise TimeoutError
        return Outcome(claim.id, "sent")

    def _arrive(self, account: str, words: str) -> None:
        self._last[account] = time.monotonic()
        self.arrivals.append(Arrival(account, words, time.monotonic()))

    def texts(self, account: str = "") -> list[str]:
        """What arrived, in order, everywhere or at one account."""
        return [each.text for each in self.arrivals if account in ("", each.account)]


class Ledger(Pusher):
    """The same platform with a memory in a file, so that it outlives a courier that is killed."""

    def __init__(self, path: Path, *, at_once: int) -> None:
        super().__init__(at_once=at_once)
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    def _arrive(self, account: str, words: str) -> None:
        super()._arrive(account, words)
        os.write(self._file, f"{account} {words}\n".encode())


async def carry_all(url: str, key: bytes, arrivals: Path, at_once: int) -> None:
    """Be a courier until nothing waits any more."""
    database = Database(url, Seal(key))
    closing = asyncio.Event()
    courier = Courier(database, Ledger(arrivals, at_once=at_once), lambda: datetime.now(UTC), LEASE)
    running = asyncio.create_task(courier.run(closing))
    while await asyncio.to_thread(database.read, sending.waiting):  # noqa: ASYNC110 (the end is seen in the database only)
        await asyncio.sleep(0.02)
    closing.set()
    await running
    database.close()


if __name__ == "__main__":
    asyncio.run(carry_all(sys.argv[1], bytes.fromhex(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])))
