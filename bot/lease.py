"""Holds a named lease for one process: whoever holds it may act, and its fence silences a late one."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from models import sending
from models.db import Away, Database

GRACE_SECONDS: Final = 0.5  # how long giving up may take; a successor waits for the lease's end otherwise


class Lease:
    """One process's side of a lease in the database: kept while it lasts, renewed in time, given up at the end.

    name: of what is leased, a bot or a task. span: how long it holds from each renewal. alone: no other process can be
    at work on this database (this one holds its file's lock), so what a dead predecessor left is taken over at once;
    only the first taking believes that.
    """

    def __init__(
        self, database: Database, name: str, clock: Callable[[], datetime], span: timedelta, *, alone: bool = False
    ) -> None:
        self._database = database
        self._name = name
        self._clock = clock
        self._alone = alone
        self.span = span
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.fence = 0  # of the last taking, 0 before the first; it stays when the lease is lost, to mark what is late
        self.until: datetime | None = None  # when it ends, None while another holds it

    def lasts(self, spare: timedelta) -> bool:
        """Whether it is held for longer than `spare` from now, by a clock that was not set back meanwhile."""
        now = self._clock()
        return self.until is not None and now + spare < self.until <= now + self.span

    async def hold(
        self, spare: timedelta, taken: Callable[[int, datetime], Awaitable[None]] | None = None
    ) -> int | None:
        """Keep or take the lease; its fence, None while another process holds it. Raises Away.

        The database is asked only where less than `spare` is left. taken: called with the new fence and the instant,
        after a taking and before the lease counts as held, so that what it does is done again should it fail.
        """
        if self.lasts(spare):
            return self.fence
        now, alone = self._clock(), self._alone and not self.fence
        name, owner, seconds = self._name, self.owner, self.span.total_seconds()
        mine = await asyncio.wrap_future(
            self._database.submit(lambda session: sending.lease(session, name, owner, now, seconds, alone=alone))
        )
        if mine is not None and mine != self.fence and taken is not None:
            await taken(mine, now)
        self.until = None if mine is None else now + self.span
        self.fence = mine or self.fence
        return mine

    async def give_up(self) -> None:
        """End it, as far as the database answers at once, so that a successor need not wait."""
        name, fence = self._name, self.fence
        with suppress(Away, TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await asyncio.wrap_future(
                    self._database.submit(lambda session: sending.give_up(session, name, fence, self._clock()))
                )
