"""Puts a bot of Telegram together: how its updates come in, who works on them, and who sends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from starlette.requests import Request
from starlette.routing import BaseRoute
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram import webhook
from bot.channels.telegram.client import Telegram
from bot.channels.telegram.menus import offered
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.taking import Reception
from bot.courier import Courier, Undelivered
from bot.door import Door
from bot.settings import Settings
from bot.store import Store
from models.db import Database

log = structlog.get_logger()
PAUSES: Final = (1, 5, 15, 60, 300)  # seconds between tries to tell the platform of the commands and the webhook


class TelegramBot:
    """Everything of one bot. Made within the running loop; `run` ends when closing is set."""

    def __init__(
        self, settings: Settings, database: Database, door: Door, store: Store, clock: Callable[[], datetime],
        undelivered: Undelivered | None = None,
    ) -> None:  # fmt: skip
        mine = settings.channels.telegram
        self._settings = mine
        self._webhook = settings.school.base_url + mine.path if mine.mode == "webhook" else ""
        self._bot = Telegram(
            mine.token.get_secret_value(), base_url=settings.school.base_url, api_base=mine.api_base, proxy=mine.proxy,
            per_second=mine.per_second, commands=offered(door.school.catalogue),
        )  # fmt: skip
        alone = database.is_sqlite
        self.reception = Reception(
            database, door, store, self._bot, clock, alone=alone, most_bytes=settings.server.max_file_bytes,
            number=mine.token.get_secret_value().partition(":")[0], name=mine.name,
        )  # fmt: skip
        self._poller = Poller(database, self._bot, self.reception.take, clock, alone=alone)
        self._courier = Courier(database, self._bot, clock, alone=alone, undelivered=undelivered)

    def routes(self, refused: Callable[[Request], None]) -> Sequence[BaseRoute]:
        """The webhook's route, where updates come that way. refused: counts a caller without the secret."""
        if not self._webhook:
            return ()
        secret = self._settings.webhook_secret.get_secret_value()
        return (webhook.route(self._settings.path, secret, self.reception.take, refused),)

    async def run(self, closing: asyncio.Event) -> None:
        """Receive, work and send until closing is set. What is under way then stays kept."""
        async with self._bot:
            working = [self.reception.run(closing), self._courier.run(closing), self._set_up(closing)]
            if not self._webhook:
                working.append(self._poller.run(closing))
            tasks = [asyncio.create_task(each) for each in working]
            done, _ = await asyncio.wait(tasks)
            for task in done:
                if not task.cancelled() and task.exception() is not None:
                    log.error("telegram_task_failed", exc_info=task.exception())

    async def _set_up(self, closing: asyncio.Event) -> None:
        """Tell the platform of the commands and where updates go, as often as it takes; nothing else waits for it."""
        secret = self._settings.webhook_secret.get_secret_value()
        stop = asyncio.ensure_future(closing.wait())
        for pause in _pauses():
            try:
                await self._until(stop, self._bot.set_up(webhook=self._webhook, secret=secret))
            except InvalidToken:
                log.error("telegram_token_refused")  # noqa: TRY400 (its trace has nothing to tell)
            except TelegramError as error:
                log.warning("telegram_not_reached", kind=type(error).__name__)
            else:
                log.info("telegram_ready", mode=self._settings.mode)
                break
            await asyncio.wait([stop], timeout=pause)
            if stop.done():
                break
        stop.cancel()

    async def _until(self, stop: asyncio.Future[Any], work: Any) -> None:
        task = asyncio.ensure_future(work)
        await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
            return
        task.result()


def _pauses() -> Any:
    yield from PAUSES
    while True:
        yield PAUSES[-1]
