"""An act with a bot in this process, and what such acts share: updates, and what the database has of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from models.ticket import Ticket
from tests.fakes.telegram import Sent
from tests.telegram.playing import LILEI, Bot, column, message, running, said

Act = Callable[[Bot], Awaitable[None]]
GROUP = -1_002_000_000_001


def play(url: str, folder: Path, act: Act, **options: Any) -> None:
    """An act with a bot in this process; whatever else it does, nothing may be set aside as a bug of ours."""

    async def whole() -> None:
        async with running(folder, url, **options) as bot:
            await act(bot)

    with capture_logs() as logs:
        asyncio.run(whole())
    broke = [each["event"] for each in logs if each["log_level"] in ("error", "critical")]
    assert broke == []


def rows(bot: Bot, of: Any, *where: Any) -> list[Any]:
    return bot.database.read(lambda session: column(session, of, *where))


def to(bot: Bot, person: int) -> list[Sent]:
    return [sent for sent in bot.fake.sent if sent.chat_id == person]


def by(value: Any, name: str = "from") -> dict[str, Any]:
    """A field of the message, whose name may be a word of the language."""
    return {name: value}


def in_group(words: str, number: int, **more: Any) -> dict[str, Any]:
    group = {"id": GROUP, "type": "supergroup", "title": "计科2301"}
    return {"update_id": number, "message": message(words, number=number, chat=group) | more}


async def ask(bot: Bot, first: int = 1) -> tuple[str, str]:
    """李雷 asks a teacher; the ticket's id, and what one of the buttons of its card carries."""
    await bot.hear(said("找老师", first))
    await bot.hear(said("想问问奖学金", first + 1))
    ticket = rows(bot, Ticket.id)[-1]
    data = [one["callback_data"] for sent in to(bot, LILEI) for one in sent.buttons if "callback_data" in one]
    return ticket, next((each for each in data if ticket in each and "withdraw" in each), f"t:{ticket}:withdraw:1")
