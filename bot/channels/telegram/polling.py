"""Fetches updates by long polling: one poller for a bot on any number of machines, and nothing forgotten before it is
kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.lease import Lease
from models.db import Away, Database

log = structlog.get_logger()
LEASE: Final = "telegram.poll"
LEASE_SECONDS: Final = 45.0
WAIT_SECONDS: Final = 25  # a long poll; the server's limit is 50, and proxies cut what is silent for a minute
SPARE: Final = timedelta(seconds=WAIT_SECONDS + 10)  # a poll must end while its lease lasts
PAUSE: Final = 1.0  # after a failure; the same offset again within half a second brings one update only
LONGEST_PAUSE: Final = 30.0


class Source(Protocol):
    """Where updates come from."""

    async def get_updates(self, offset: int | None, timeout: int) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """The next updates; all before `offset` are forgotten by the server."""


class Poller:
    """Polls one bot while it holds the lease. The offset that forgets updates follows their commit, never leads it.

    The offset needs no memory of its own: after a crash the server gives again what was not confirmed, and the inbox
    knows what it has.
    """

    def __init__(
        self, database: Database, source: Source, take: Callable[[Iterable[Any]], Awaitable[None]],
        clock: Callable[[], datetime], *, alone: bool = False,
    ) -> None:  # fmt: skip
        self._source = source
        self._take = take
        self._lease = Lease(database, LEASE, clock, timedelta(seconds=LEASE_SECONDS), alone=alone)
        self._offset: int | None = None

    async def run(self, closing: asyncio.Event) -> None:
        """Poll until closing is set; a poll under way is dropped, since nothing of it was confirmed."""
        stop = asyncio.ensure_future(closing.wait())
        pause = PAUSE
        try:
            while not closing.is_set():
                poll = asyncio.ensure_future(self._poll())
                await asyncio.wait([poll, stop], return_when=asyncio.FIRST_COMPLETED)
                if not poll.done():
                    poll.cancel()
                    await asyncio.wait([poll])
                    break
                wait = poll.result()
                pause = PAUSE if wait <= PAUSE else min(max(wait, pause * 2), LONGEST_PAUSE)
                if wait:
                    await asyncio.wait([stop], timeout=min(pause, max(wait, PAUSE)))
        finally:
            stop.cancel()
            await self._lease.give_up()

    async def _poll(self) -> float:
        """Fetch, keep, and only then let the next request confirm. Returns how long to pause."""
        try:
            if await self._lease.hold(SPARE) is None:
                self._offset = None
                return PAUSE
            updates = await self._source.get_updates(self._offset, WAIT_SECONDS)
            if updates:
                await self._take(updates)
                self._offset = max(_numbers(updates), default=(self._offset or 0) - 1) + 1
        except Away:
            log.warning("telegram_poll_waits")
            return PAUSE
        except RetryAfter as error:
            wait = error.retry_after
            return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        except Conflict:
            log.warning("telegram_poll_conflict", remedy="another program polls this bot, or a webhook is set")
            return PAUSE * 5
        except InvalidToken:
            log.error("telegram_token_refused")  # noqa: TRY400 (its trace has nothing to tell)
            return LONGEST_PAUSE
        except TelegramError as error:
            log.warning("telegram_poll_failed", kind=type(error).__name__)
            return PAUSE * 2
        except Exception:
            # The border of containment: nothing that comes in a poll may end the polling.
            log.exception("telegram_poll_broke")
            return PAUSE * 2
        return 0.0


def _numbers(updates: Iterable[dict[str, Any]]) -> Iterable[int]:
    return (
        number
        for update in updates
        if isinstance(number := update.get("update_id"), int) and not isinstance(number, bool)
    )
