"""The clock: it ticks at once and on, whatever a tick trips over, and does daily work once in the whole cluster."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot import clock as clock_module
from bot.clock import Clock
from handlers import deadlines
from handlers.deadlines import Swept
from models import tidying
from models.db import Away, Database
from models.outbox import Fired
from models.ticket import Ticket
from tests.bot.carrying import until
from tests.builders import START, at
from tests.handlers.sweeping import SCHOOL, events, leave

DEMO = replace(SCHOOL, demo=True)  # It ticks every second.
LATE = at("2026-06-10 14:00")


def test_it_begins_with_what_is_overdue(database: Database) -> None:
    ticket = leave(database)

    async def play() -> None:
        clock = Clock(database, SCHOOL, lambda: LATE)
        clock.start()
        await until(lambda: any(entry["event"] == "swept" for entry in logs))
        clock.stop()
        clock.stop()  # Twice is no mistake.

    with capture_logs() as logs:
        asyncio.run(play())
    assert [(entry["event"], entry["done"]) for entry in logs] == [("swept", 1)]
    assert events(database, ticket) == [("reminded", "")]


def test_it_stops_in_the_middle_of_a_tick_without_a_trace(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun: list[int] = []

    async def slow(_: Clock) -> None:
        begun.append(1)
        await asyncio.sleep(60)

    monkeypatch.setattr(Clock, "sweep", slow)

    async def play() -> None:
        clock = Clock(database, SCHOOL, lambda: LATE)
        clock.start()
        await until(lambda: begun)
        clock.stop()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(play())
    assert begun == [1]
    assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


def test_it_sweeps_batch_by_batch_until_nothing_is_left(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [leave(database, number) for number in range(7)]
    sweep = deadlines.sweep
    monkeypatch.setattr(deadlines, "sweep", lambda turn: sweep(turn, 3))
    asyncio.run(Clock(database, SCHOOL, lambda: LATE).sweep())
    assert [events(database, each) for each in ids] == [[("reminded", "")]] * 7


@pytest.mark.parametrize(("failure", "said"), [(Away(), "tick_waits"), (RuntimeError("a bug"), "tick_failed")])
def test_it_ticks_on_after_a_tick_that_failed(
    database: Database, monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    ticket = leave(database)
    monkeypatch.setattr(clock_module, "DEMO_TICK_SECONDS", 0.02)
    sweep, left = deadlines.sweep, [failure, failure]

    def trip(turn: Any) -> Swept:
        if left:
            raise left.pop()
        return sweep(turn)

    monkeypatch.setattr(deadlines, "sweep", trip)

    async def play() -> None:
        clock = Clock(database, DEMO, lambda: LATE)
        clock.start()
        await until(lambda: any(entry["event"] == "swept" for entry in logs))
        clock.stop()

    with capture_logs() as logs:
        asyncio.run(play())
    assert events(database, ticket) == [("reminded", "")]
    assert [entry["event"] for entry in logs if entry["event"] != "swept"] == [said] * 2


def test_it_never_runs_a_job_beside_itself(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "DEMO_TICK_SECONDS", 0.01)
    running, most, ticks = [0], [0], [0]

    async def slow(_: Clock) -> None:
        running[0] += 1
        most[0], ticks[0] = max(most[0], running[0]), ticks[0] + 1
        await asyncio.sleep(0.05)
        running[0] -= 1

    monkeypatch.setattr(Clock, "sweep", slow)

    async def play() -> None:
        clock = Clock(database, DEMO, lambda: START)
        clock.start()
        await until(lambda: ticks[0] >= 3)
        clock.stop()

    asyncio.run(play())
    assert most == [1]


def test_it_does_daily_work_once_in_the_whole_cluster(database: Database, database_url: str) -> None:
    other = Database(database_url, database.seal)
    done: list[datetime] = []

    def daily(_: Any, now: datetime) -> None:
        done.append(now)

    async def play(now: datetime) -> None:
        clocks = [Clock(each, SCHOOL, lambda: now) for each in (database, other, database)]
        await asyncio.gather(*(clock._daily(daily) for clock in clocks))

    asyncio.run(play(START))
    asyncio.run(play(START + timedelta(hours=6)))
    assert len(done) == 1
    asyncio.run(play(START + timedelta(days=1)))
    other.close()
    assert len(done) == 2


def test_it_does_daily_work_again_that_failed(database: Database) -> None:
    def broken(_: Any, now: datetime) -> None:
        raise RuntimeError(now)

    clock = Clock(database, SCHOOL, lambda: START)
    with pytest.raises(RuntimeError):
        asyncio.run(clock._daily(broken))
    assert database.read(lambda session: session.get(Fired, ("daily", START.replace(hour=0)))) is None
    done: list[datetime] = []
    asyncio.run(clock._daily(lambda _, now: done.append(now)))
    assert done == [START]


def test_it_tidies_until_nothing_is_left(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fire(session: Any) -> None:
        session.add_all([Fired(job=f"j{number}", fire_at=START - timedelta(days=91)) for number in range(3)])

    database.run(fire)
    with capture_logs() as logs:
        asyncio.run(Clock(database, SCHOOL, lambda: START).tidy())
    assert [entry["event"] for entry in logs] == ["tidied"]
    assert database.run(lambda session: tidying.tidy(session, START)) == 0


def test_it_ends_a_sweep_though_a_ticket_cannot_be_worked_on(database: Database) -> None:
    ticket = leave(database)
    database.run(lambda session: session.execute(update(Ticket).values(version="none of ours")))
    with capture_logs() as logs:
        asyncio.run(Clock(database, SCHOOL, lambda: LATE).sweep())
    assert [entry["event"] for entry in logs] == ["sweep_failed", "swept"]
    assert events(database, ticket) == []
