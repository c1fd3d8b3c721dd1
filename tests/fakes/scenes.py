"""A scene with the fake of the Bot API and a bare client, in which nothing waits for the delays of the real server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.client import Client, connect

MENU = {"inline_keyboard": [[{"text": "同意", "callback_data": "y"}]]}
Scene = Callable[[TelegramFake, Client], Awaitable[None]]


def play(scene: Scene, **options: Any) -> None:
    """Run a scene; nothing in it waits for the delays of the real server."""

    async def run() -> None:
        quick: dict[str, Any] = {"webhook_scale": 0.01, "webhook_gap": 0.0, "hold_conflicts": 0.05, "limited": False}
        async with TelegramFake(**(quick | options)) as fake, connect(fake) as client:
            await scene(fake, client)

    asyncio.run(run())


async def ids(client: Client, **args: Any) -> list[int]:
    """The update ids of one getUpdates."""
    return [update["update_id"] for update in (await client.getUpdates(**args))["result"]]
