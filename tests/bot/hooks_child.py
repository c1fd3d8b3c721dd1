"""A process that sends what waits for one webhook, until nothing does; a test kills it."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from pydantic import SecretBytes

from bot.hooks import Hooks
from bot.settings.hooks import Webhook
from handlers import hooks
from models.db import Database
from models.seal import Seal

SECRET = bytes(range(32))


def settings_for(port: int, **more: object) -> Webhook:
    """A webhook called portal, on a port of this machine."""
    given = {
        "name": "portal",
        "url": f"http://127.0.0.1:{port}/in?x=1",
        "secret": SecretBytes(SECRET),
        "private_address": True,
    }
    return Webhook.model_validate(given | more)


async def send_all(url: str, key: bytes, port: int) -> None:
    database = Database(url, Seal(key))
    closing = asyncio.Event()
    running = asyncio.create_task(Hooks([settings_for(port)], database, lambda: datetime.now(UTC)).run(closing))
    # The end is seen in the database only.
    while any(each.waiting for each in await asyncio.to_thread(database.read, hooks.states)):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    closing.set()
    await running
    database.close()


if __name__ == "__main__":
    asyncio.run(send_all(sys.argv[1], bytes.fromhex(sys.argv[2]), int(sys.argv[3])))
