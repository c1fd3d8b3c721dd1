"""What tests of the door share: messages of the cast, many at the same time, and handlers that do something else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.door import Answer
from handlers import intake
from handlers.turn import Turn
from models.base import new_id
from models.db import Database
from models.message import Incoming, Reply
from tests.builders import RICH, START

LILEI, HANMEIMEI = "2023001", "2023002"
CRY = "我不想活了"
PATIENCE = 20.0


def message(words: str, key: str = "", account: str = LILEI, channel: str = RICH, **more: Any) -> Incoming:
    return Incoming(channel, account, f"{account}:{key or new_id(START)}", START, words, **more)


def at_once(*waits: Coroutine[Any, Any, Answer]) -> list[Answer]:
    """Await them all at the same time, in the order given."""

    async def together() -> list[Answer]:
        async with asyncio.timeout(PATIENCE):
            return list(await asyncio.gather(*waits))

    return asyncio.run(together())


def said(answer: Answer) -> str:
    return "\n".join(reply.text for reply in answer.replies)


def count(database: Database, table: Any) -> int:
    return database.read(lambda session: session.execute(select(func.count()).select_from(table)).scalar_one())


def instead(monkeypatch: pytest.MonkeyPatch, words: str, then: Callable[[Turn, Incoming], tuple[Reply, ...]]) -> None:
    """Let the handlers do something else for one text."""
    real = intake.answer

    def answer(turn: Turn, incoming: Incoming) -> tuple[Reply, ...]:
        return then(turn, incoming) if incoming.text == words else real(turn, incoming)

    monkeypatch.setattr(intake, "answer", answer)
