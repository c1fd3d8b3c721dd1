"""A bot and 李雷 in front of the fake of the Bot API, for the tests of the client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.telegram.client import Telegram
from models.message import Card, Choice, Reply
from models.outbox import Lane
from models.sending import Claim
from tests.fakes.telegram import TOKEN, Fault, Person, TelegramFake

LI = 1001
YES = Choice(label="是", send="yes")
Play = Callable[[TelegramFake, Telegram, Person], Awaitable[Any]]


def claim(reply: Reply, **more: Any) -> Claim:
    """What the courier hands over to be sent to 李雷."""
    values: dict[str, Any] = {"attempts": 0, "reply": reply} | more
    return Claim("o1", str(LI), Lane.interactive, **values)


def card(line: str, *choices: Choice) -> Reply:
    """A card with one line."""
    return Reply(card=Card(key="t7", title="请假 L-7", lines=(line,)), choices=choices)


async def turn() -> None:
    """Let the loop see that connections in the pool ended; what is sent in that very moment has an unknown fate."""
    for _ in range(20):
        await asyncio.sleep(0)


def play(act: Play, *faults: Fault, token: str = TOKEN, limited: bool = False) -> Any:
    """An act of a bot and 李雷, who has pressed Start."""

    async def run() -> Any:
        async with TelegramFake(limited=limited) as fake, Telegram(token, api_base=fake.base_url) as bot:
            person = fake.person("李雷", LI)
            person.start()
            for fault in faults:
                fake.faults.add(fault)
            return await act(fake, bot, person)

    return asyncio.run(run())
