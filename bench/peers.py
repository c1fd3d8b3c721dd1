"""What the other libraries need to send: `python peers.py NAME PORT AT_ONCE COUNT`, in an environment that holds them.

It imports nothing of ours. Prints JSON: sends a second, and CPU seconds a send.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

TOKEN = "123456:bench"
WORDS = "张同学，你的请假申请已收到，编号 LV-2026-000123，辅导员会在 4 小时内答复。"
WARM = 100
Send = Callable[[int], Awaitable[Any]]


async def timed(send: Send, at_once: int, count: int) -> tuple[float, float]:
    """Sends a second, and CPU seconds a send, of so many workers that each send one after the other."""
    left = iter(range(WARM + count))

    async def work(most: int) -> None:
        for number in left:
            await send(number)
            if number >= most - at_once:
                return

    await asyncio.gather(*(work(WARM) for _ in range(at_once)))
    began, spent = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work(WARM + count) for _ in range(at_once)))
    return count / (time.perf_counter() - began), (time.process_time() - spent) / count


async def with_ptb(port: int, at_once: int, count: int) -> tuple[float, float]:
    """python-telegram-bot's Bot over its own HTTPXRequest."""
    from telegram import Bot
    from telegram.request import HTTPXRequest

    request = HTTPXRequest(connection_pool_size=at_once + 4)
    async with Bot(TOKEN, f"http://127.0.0.1:{port}/bot", request=request) as bot:
        return await timed(lambda number: bot.send_message(1_000_000 + number, WORDS), at_once, count)


async def with_aiogram(port: int, at_once: int, count: int) -> tuple[float, float]:
    """aiogram's Bot over its own session."""
    from aiogram import Bot  # type: ignore[import-not-found]
    from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]
    from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]

    server = TelegramAPIServer.from_base(f"http://127.0.0.1:{port}")
    async with Bot(TOKEN, AiohttpSession(api=server)) as bot:
        return await timed(lambda number: bot.send_message(1_000_000 + number, WORDS), at_once, count)


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    peer = {"ptb": with_ptb, "aiogram": with_aiogram}[name]
    sys.stdout.write(json.dumps(asyncio.run(peer(*map(int, numbers)))) + "\n")
