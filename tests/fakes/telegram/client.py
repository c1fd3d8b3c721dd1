"""A bare client of the Bot API, which shows the answer as it came."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.fakes.telegram.server import TelegramFake
from tests.fakes.telegram.world import Json


class Client:
    """Methods by their names: `await client.sendMessage(chat_id=1, text="…")` is the answer's JSON."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, token: str) -> None:
        self.session, self.base_url, self.token = session, base_url, token

    def __getattr__(self, method: str) -> Any:
        async def call(**args: Any) -> Json:
            async with self.session.post(f"{self.base_url}{self.token}/{method}", json=args) as answer:
                found: Json = json.loads(await answer.read())
                return found

        return call

    async def refusal(self, method: str, **args: Any) -> str:
        """The description of an answer that must be no success."""
        found = await getattr(self, method)(**args)
        assert not found["ok"], found
        return str(found["description"])


@asynccontextmanager
async def connect(fake: TelegramFake) -> AsyncIterator[Client]:
    """A client of this fake."""
    async with aiohttp.ClientSession() as session:
        yield Client(session, fake.base_url, fake.token)
