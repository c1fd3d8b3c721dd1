"""Jobs run again and again by the monotonic clock, whatever becomes of the time of day."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from bot import clock as clock_module
from bot import ticking
from bot.clock import Clock
from bot.ticking import Ticker
from models.db import Database
from tests.bot.carrying import until
from tests.builders import at
from tests.handlers.sweeping import SCHOOL, events, leave


def test_it_begins_at_once_or_after_a_wait_and_makes_up_for_nothing() -> None:
    ran: list[str] = []

    async def play() -> None:
        ticker = Ticker()

        async def quick() -> None:
            ran.append("quick")
            if len(ran) == 1:
                time.sleep(0.05)  # noqa: ASYNC251 (the whole loop stands still, as after a suspended machine)

        async def later() -> None:
            ran.append("later")

        ticker.every(0.01, quick, at_once=True)
        ticker.every(60, later)
        await until(lambda: len(ran) >= 3)
        ticker.stop()
        ticker.stop()
        count = len(ran)
        await asyncio.sleep(0.03)
        assert len(ran) == count

    asyncio.run(play())
    assert set(ran) == {"quick"}


def test_it_runs_on_when_the_time_of_day_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    moved, ran = [timedelta()], [0]

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + moved[0]

    for module in (base, ticking):
        monkeypatch.setattr(module, "datetime", Moved)
    monkeypatch.setattr(ticking, "SLACK", timedelta(milliseconds=20))

    async def play() -> None:
        ticker = Ticker()

        async def job() -> None:
            ran[0] += 1

        ticker.every(0.01, job, at_once=True)
        await until(lambda: ran[0] >= 2)
        for hours in (-5, 7, -9):
            moved[0] += timedelta(hours=hours)
            count = ran[0]
            await until(lambda count=count: ran[0] >= count + 3)
        ticker.stop()

    asyncio.run(play())
    assert ran[0] >= 11


def test_it_ticks_on_when_the_clock_is_set_back_and_forward(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = leave(database)
    monkeypatch.setattr(clock_module, "TICK_SECONDS", 0.01)
    asked: list[datetime] = []

    def now() -> datetime:
        """A clock that jumps an hour back each time, until it is set right again."""
        asked.append(at("2026-06-10 14:00") - timedelta(hours=len(asked) + 1))
        return asked[-1] if len(asked) < 8 else at("2026-06-10 14:00")

    # Nobody asks the machine for its time of day either.
    monkeypatch.setattr(time, "time", lambda: 0.0)

    async def play() -> None:
        clock = Clock(database, SCHOOL, now)
        clock.start()
        await until(lambda: len(asked) > 12 and bool(events(database, ticket)))
        clock.stop()

    asyncio.run(play())
    assert events(database, ticket) == [("reminded", "")]
