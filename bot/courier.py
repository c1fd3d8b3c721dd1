"""The one way out: one courier leases a bot, claims its due messages, sends them, and settles what became of each."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

import structlog

from models import sending
from models.db import Away, Database
from models.failpoint import at
from models.sending import Claim, Outcome

T = TypeVar("T")
log = structlog.get_logger()
LEASE_SECONDS: Final = 12.0
IDLE_SECONDS: Final = 1.0  # how long a courier sleeps when it is not woken; the poll beside the wake
SEND_SECONDS: Final = 20.0  # after which a send counts as "perhaps"


class Channel(Protocol):
    """What a push channel must be: a name, a pace, and a send that tells what became of the message.

    per_second: messages of the whole bot. at_once: how many may be in flight, which bounds what one kill doubles.
    """

    name: str
    per_second: float
    at_once: int

    async def send(self, claim: Claim) -> Outcome:
        """Send one message. Never raises for what a platform may answer; a timeout after the request is "unknown"."""


@dataclass(slots=True)
class Carried:
    """What a courier has done since it began."""

    sent: int = 0
    failed: int = 0
    again: int = 0
    held: int = 0


class Courier:
    """Sends one bot's messages. Any number may run; the lease lets one speak, and its fence silences a late one."""

    def __init__(
        self, database: Database, channel: Channel, clock: Callable[[], datetime], lease_seconds: float = LEASE_SECONDS
    ) -> None:
        self._database = database
        self._channel = channel
        self._clock = clock
        self._lease_seconds = lease_seconds
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.carried = Carried()
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        database.listen(self._wake)

    async def run(self, closing: asyncio.Event) -> None:
        """Carry until the closing event is set; a database that is away is waited for."""
        self._loop = asyncio.get_running_loop()
        fence = 0
        while not closing.is_set():
            carried = 0
            try:
                fence = await self._hold(fence)
                carried = await self.once(fence) if fence else 0
            except Away:
                log.warning("courier_waits", bot=self._channel.name)
            if not carried:
                await self._sleep(closing)

    async def once(self, fence: int) -> int:
        """One round under a fence: claim at most a second's budget, send it at the channel's pace, settle at once."""
        name = self._channel.name
        most = max(1, min(self._channel.at_once, int(self._channel.per_second)))
        claims = await self._unit(lambda session: sending.claim(session, name, fence, self._clock(), most))
        if not claims:
            return 0
        at("claimed")
        gap = 1.0 / self._channel.per_second
        outcomes = await asyncio.gather(*(self._send(claim, place * gap) for place, claim in enumerate(claims)))
        at("sent")
        await self._unit(lambda session: sending.settle(session, name, fence, list(outcomes), self._clock()))
        at("settled")
        for outcome in outcomes:
            self.carried.sent += outcome.kind == "sent"
            self.carried.failed += outcome.kind == "failed"
        return len(claims)

    async def _hold(self, fence: int) -> int:
        """Keep or take the lease; after taking it, settle what the former holder left. 0 without it."""
        name = self._channel.name
        now = self._clock()
        mine = await self._unit(lambda session: sending.lease(session, name, self.owner, now, self._lease_seconds))
        if mine is not None and mine != fence:
            again, held = await self._unit(lambda session: sending.recover(session, name, mine, now))
            self.carried.again += again
            self.carried.held += held
            log.info("courier_leads", bot=name, fence=mine, again=again, held=held)
        return mine or 0

    async def _send(self, claim: Claim, after: float) -> Outcome:
        if after:
            await asyncio.sleep(after)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._channel.send(claim)
        except TimeoutError:
            return Outcome(claim.id, "unknown", "timeout")
        except Exception:
            # The border of containment: a channel's bug must not stop the other messages.
            log.exception("send_broke", bot=self._channel.name, outbox=claim.id)
            return Outcome(claim.id, "unknown", "bug")

    async def _unit(self, unit: Callable[[Any], T]) -> T:
        return await asyncio.wrap_future(self._database.submit(unit))

    def _wake(self, _: frozenset[str]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _sleep(self, closing: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(self._woken.wait()), asyncio.ensure_future(closing.wait())]
        with suppress(asyncio.CancelledError):
            await asyncio.wait(waits, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self._woken.clear()
