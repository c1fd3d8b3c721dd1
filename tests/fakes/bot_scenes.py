"""A scene with the fake of the Bot API whose person has started the bot, and with a bare client or the library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram import Bot

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.client import Client, connect

MENU = {"inline_keyboard": [[{"text": "同意", "callback_data": "y"}, {"text": "退回补充", "callback_data": "n"}]]}
Scene = Callable[[TelegramFake, Client], Awaitable[None]]


def play(scene: Scene, **options: Any) -> None:
    """Run a scene with a fake and a bare client; 李雷 (1001) has started the bot."""

    async def run() -> None:
        async with TelegramFake(limited=False, **options) as fake, connect(fake) as client:
            fake.person("李雷", 1001, started=True)
            await scene(fake, client)

    asyncio.run(run())


@asynccontextmanager
async def library(fake: TelegramFake) -> AsyncIterator[Bot]:
    """python-telegram-bot's client of this fake."""
    async with Bot(fake.token, base_url=fake.base_url, base_file_url=fake.file_url) as bot:
        yield bot
