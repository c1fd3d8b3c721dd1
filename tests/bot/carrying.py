"""What the courier's tests share: a clock set by hand, couriers that run, and a database that is away at times."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.courier import Courier
from models.db import Away, Database
from tests.models.outgoing import NOW


class Hand:
    """A clock set by hand, one for all couriers of a test."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def go(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


async def carry(courier: Courier, clock: Hand, rounds: int = 30, step: float = 1.0) -> None:
    """So many rounds, a step of time between them."""
    for _ in range(rounds):
        await courier.carry()
        clock.go(step)


@asynccontextmanager
async def running(courier: Courier) -> AsyncIterator[asyncio.Event]:
    """A courier at work, stopped at the end."""
    closing = asyncio.Event()
    task = asyncio.create_task(courier.run(closing))
    try:
        yield closing
    finally:
        closing.set()
        await task


async def until(condition: Any, seconds: float = 10.0) -> None:
    """Wait for something that other tasks bring about."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not happen"
        await asyncio.sleep(0.005)


def now() -> datetime:
    return datetime.now(UTC)


class Weather:
    """A database that is away when told so: units fail before or after their commit, as connections do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.plan: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def submit(self, unit: Any) -> Any:
        word = self.plan.pop(0) if self.plan else "ok"

        def away(_: Any) -> None:
            raise Away

        if word == "before":
            return self._database.submit(away)
        if word == "after":
            self._database.run(unit)
            return self._database.submit(away)
        return self._database.submit(unit)
