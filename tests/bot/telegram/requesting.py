"""One request to the Bot API, against a server that answers as it is told."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import TelegramError

from bot.channels.telegram.request import AiohttpRequest
from tests.bot.telegram.misbehaving import Answer, Server, serving

TOKEN = "4711:AAH-the-secret-token"


def play(
    *answers: Answer, do: Callable[[AiohttpRequest, Server], Awaitable[Any]] | None = None, unread: bool = False,
    connect: float = 5.0, total: float = 20.0,
) -> tuple[Server, Any]:  # fmt: skip
    """One request, or what `do` does, against a server that gives these answers; the server and the result or error."""

    async def run() -> tuple[Server, Any]:
        async with serving(*answers, unread=unread) as server, AiohttpRequest(connect=connect, total=total) as request:
            try:
                if do is not None:
                    return server, await do(request, server)
                return server, await request.call(f"{server.url}{TOKEN}/sendMessage", {"text": "张三"})
            except TelegramError as error:
                return server, error

    return asyncio.run(run())


def check_silent(error: BaseException) -> None:
    """No part of an error, nor of what it was raised from, may hold the token."""
    assert TOKEN not in "".join(traceback.format_exception(error))
    assert TOKEN not in repr(error)
    assert error.__cause__ is None
    assert error.__context__ is None
