"""The one way out: one courier leases a bot, claims its due messages, sends them, and settles what became of each."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import structlog

from bot.flight import Flight
from bot.lease import Lease
from bot.outgoing import Carried, Channel
from models import sending
from models.db import Away, Database
from models.failpoint import at
from models.sending import Claim, Outcome

__all__ = ["Carried", "Channel", "Courier", "Undelivered"]
T = TypeVar("T")
Undelivered = Callable[[Any, list[str]], None]
log = structlog.get_logger()
LEASE_SECONDS: Final = 15.0  # one sending may take half of it, so that it ends while the lease still lasts
IDLE_SECONDS: Final = 1.0  # how long a courier sleeps when it is not woken; the poll beside the wake
BATCH_SECONDS: Final = 0.2  # claims of so much of the pace at a time: what a kill leaves in doubt stays small
BLOCKED_SECONDS: Final = 0.1  # how soon to look again when what is due waits for its chat's pace
GATHER_SECONDS: Final = 0.05  # how long what came back waits for more, with over a quarter of at_once under way
GIVE_UP_SECONDS: Final = 0.2  # what settling the rest and ending the lease get
GRACE_SECONDS: Final = 0.4  # what a sending under way gets when the courier is told to stop


class Courier:
    """Sends one bot's messages. Any number may run; the lease lets one speak, and its fence silences a late one.

    alone: no other courier can live beside this one (the process holds its database file's lock), so what a dead
    predecessor left is taken over at once instead of at the end of its lease. undelivered: hears, in the unit that
    settles them, which messages failed for good.
    """

    def __init__(
        self, database: Database, channel: Channel, clock: Callable[[], datetime],
        lease_seconds: float = LEASE_SECONDS, *, alone: bool = False, undelivered: Undelivered | None = None,
    ) -> None:  # fmt: skip
        self._undelivered = undelivered
        self._database = database
        self._channel = channel
        self._clock = clock
        self._lease = Lease(database, channel.name, clock, timedelta(seconds=lease_seconds), alone=alone)
        self.carried = Carried()
        self._unsure = False  # a claim whose commit was not heard of: perhaps rows are ours, but none was sent
        self._unsettled: list[Outcome] = []
        self._cut_off = (
            True  # what the last sendings, perhaps of a predecessor, did not reach waits for the first that does
        )
        self._flight = Flight(channel, self._may_begin, self._landed, lease_seconds / 2)
        self._closing = asyncio.Event()
        self._woken = asyncio.Event()
        self._rounding = False  # what comes back meanwhile is looked at afterwards
        self._gathered_at = 0.0  # by the loop's clock
        self._hasten_at = 0.0  # by the loop's clock: when to look again for what holds up newer messages
        self._loop: asyncio.AbstractEventLoop | None = None
        database.listen(self._wake)

    @property
    def fence(self) -> int:
        """The fencing number of its last lease, 0 before the first."""
        return self._lease.fence

    async def run(self, closing: asyncio.Event) -> None:
        """Carry until the closing event is set, then end within a second; a database that is away is waited for."""
        self._loop = asyncio.get_running_loop()
        self._closing = closing
        worker = asyncio.create_task(self._work())
        try:
            await closing.wait()
            self._flight.hurry(GRACE_SECONDS)
            await asyncio.wait([worker], timeout=GRACE_SECONDS * 1.5)
        finally:
            worker.cancel()
        await asyncio.wait([worker])
        await self._leave()

    async def _work(self) -> None:
        while not self._closing.is_set():
            self._rounding = True
            try:
                rest = await self._round()
            except Away:
                log.warning("courier_waits", bot=self._channel.name)
                rest = IDLE_SECONDS
            except Exception:
                # The border of containment: whatever a round trips over must not silence the bot for good.
                log.exception("courier_round_failed", bot=self._channel.name)
                rest = IDLE_SECONDS
            self._rounding = False
            if self._unsettled:
                self._call()
            await self._rest(rest, woken=True)
        await self._flight.land()

    async def _round(self) -> float:
        """Settle what came back, keep the lease, begin what may be begun; how long to rest unless something happens."""
        if not self._leads():
            await self._exchange(0)  # Under the fence of its time.
            if not await self._lead():
                return IDLE_SECONDS
        loop = asyncio.get_running_loop()
        room = self._channel.at_once - len(self._flight)
        wait = self._flight.paced_until - loop.time()
        if wait > 0 or room <= 0:
            await self._exchange(0)
            return wait if wait > 0 else IDLE_SECONDS
        begun = await self._begin(min(room, max(1, math.ceil(self._channel.per_second * BATCH_SECONDS))))
        if begun:
            # Where every place is taken, what lands asks for the next round (`_call`), so that it is worth one.
            return max(self._flight.paced_until - loop.time(), GATHER_SECONDS if begun == room else 0.0)
        name, now = self._channel.name, self._clock()
        due = await self._unit(lambda session: sending.next_due(session, name))
        if due is None:
            return IDLE_SECONDS
        if due <= now and loop.time() >= self._hasten_at:
            self._hasten_at = loop.time() + IDLE_SECONDS
            await self._unit(lambda session: sending.hasten(session, name, now))
        return BLOCKED_SECONDS if due <= now else min(IDLE_SECONDS, (due - now).total_seconds())

    async def _begin(self, most: int) -> int:
        """Claim up to so many messages and begin to send them at the channel's pace; how many they are."""
        claims = await self._exchange(most)
        if not claims:
            return 0
        at("claimed")
        self._flight.begin(claims, 1.0 / self._channel.per_second)
        return len(claims)

    def _may_begin(self) -> bool:
        """Whether a message may be begun: no closing, and enough of the lease left that it ends before the lease does."""
        until = self._lease.until
        return not self._closing.is_set() and until is not None and self._clock() + self._lease.span / 2 <= until

    def _landed(self, outcome: Outcome) -> None:
        """A sending ended, or was not even begun."""
        self._unsettled.append(outcome)
        if not self._rounding:
            self._call()

    def _call(self) -> None:
        """Ask for a round; where many are under way more come back at once, and one unit settles them together."""
        if len(self._flight) <= self._channel.at_once // 4:
            self._woken.set()
        elif (now := asyncio.get_running_loop().time()) >= self._gathered_at:
            self._gathered_at = now + GATHER_SECONDS
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._woken.set)

    async def carry(self) -> int:
        """One round from beginning to end: see to the lease, claim, send, settle, keep the pace.

        Returns how many messages were claimed. Raises Away; what was sent by then is settled in the next round.
        """
        await self._exchange(0)
        if not await self._lead():
            return 0
        begun = await self._begin(max(1, min(self._channel.at_once, math.floor(self._channel.per_second))))
        await self._flight.land()
        await self._exchange(0)
        await self._rest(self._flight.paced_until - asyncio.get_running_loop().time())
        return begun

    async def _exchange(self, most: int) -> list[Claim]:
        """Settle what was sent and claim up to `most` messages, in one unit where nothing but success is settled.

        What a lost claim may have left is given back before, under the fence of its time.
        """
        name, fence = self._channel.name, self.fence
        if self._unsure:
            flying = self._flight.ids() | {each.id for each in self._unsettled}
            await self._unit(lambda session: sending.hand_back(session, name, fence, flying))
            self._unsure = False
        outcomes = list(self._unsettled)
        # A word about an account locks it, and a unit that claims afterwards would lock in another order.
        apart = most > 0 and any(each.kind != "sent" for each in outcomes)
        try:
            claims = await self._settle(outcomes, 0 if apart else most)
        except Away:
            raise
        except Exception:
            # The border of containment: one outcome that trips over a bug must not keep the others unsettled for ever.
            if not outcomes:
                raise
            log.exception("settle_failed", bot=name)
            await self._settle_each(outcomes)
            return []
        return await self._settle([], most) if apart else claims

    async def _settle(self, outcomes: list[Outcome], most: int) -> list[Claim]:
        """One unit: these are settled, so many are claimed."""
        if not outcomes and not most:
            return []
        channel, fence = self._channel, self.fence
        answered = any(each.kind in ("sent", "partly", "failed") for each in outcomes)
        missed = any(each.kind == "not_sent" and not each.moved for each in outcomes)
        if outcomes:
            at("sent")

        def unit(session: Any) -> list[Claim]:
            if answered and self._cut_off:
                sending.revive(session, channel.name, self._clock())
            if outcomes:
                failed = sending.settle(session, channel.name, fence, outcomes, self._clock(), channel.per_second)
                if failed and self._undelivered is not None:
                    self._undelivered(session, failed)
            if not most:
                return []
            return sending.claim(
                session, channel.name, fence, self._clock(), most,
                per_second=channel.per_second, chat_gap=channel.chat_gap, chat_burst=channel.chat_burst,
            )  # fmt: skip

        self._unsure = most > 0
        claims = await self._unit(unit)
        self._cut_off = missed or (self._cut_off and not answered)
        self._unsure = False
        self._unsettled = self._unsettled[len(outcomes) :]  # More may have come back meanwhile.
        for outcome in outcomes:
            self.carried.sent += outcome.kind == "sent"
            self.carried.failed += outcome.kind == "failed"
        if outcomes:
            at("settled")
        return claims

    async def _settle_each(self, outcomes: list[Outcome]) -> None:
        """Settle one by one. Who trips stays `sending`, and the next holder of the lease sees to it as to any other."""
        for outcome in outcomes:
            try:
                await self._settle([outcome], 0)
            except Away:
                raise
            except Exception:
                log.exception("settle_given_up", bot=self._channel.name, outbox=outcome.id)
                self._unsettled = [each for each in self._unsettled if each is not outcome]

    def _leads(self) -> bool:
        """Whether the lease lasts for a while yet."""
        return self._lease.lasts(self._lease.span * 3 / 4)

    async def _lead(self) -> bool:
        """Keep or take the lease; after taking it, see to what the former holder left. False without it."""
        return await self._lease.hold(self._lease.span * 3 / 4, self._recover) is not None

    async def _recover(self, fence: int, now: datetime) -> None:
        name = self._channel.name
        again, held = await self._unit(lambda session: sending.recover(session, name, fence, now))
        self.carried.again += again
        self.carried.held += held
        log.info("courier_leads", bot=name, fence=fence, again=again, held=held)

    async def _leave(self) -> None:
        """Settle what is left and end the lease, as far as the database answers at once; a successor does the rest."""
        self._flight.cut()
        with suppress(Away, TimeoutError):
            async with asyncio.timeout(GIVE_UP_SECONDS):
                await self._exchange(0)
                await self._lease.give_up()

    async def _unit(self, unit: Callable[[Any], T]) -> T:
        return await asyncio.wrap_future(self._database.submit(unit))

    def _wake(self, _: frozenset[str]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _rest(self, seconds: float, *, woken: bool = False) -> None:
        """Sleep, until closing at the latest; woken: or until something was committed."""
        if seconds <= 0:
            return
        waits = [asyncio.ensure_future(self._closing.wait())]
        if woken:
            waits.append(asyncio.ensure_future(self._woken.wait()))
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if woken:
            self._woken.clear()
