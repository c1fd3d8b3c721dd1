"""The courier in trouble: a database that is away, a bug of its own, and kill -9 at every point."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.courier import Courier
from models import sending
from models.db import Away, Database
from models.outbox import Lane
from models.seal import Seal
from tests.bot.carrying import Hand, Weather, carry, now, running, until
from tests.fakes.pusher import Pusher
from tests.house import ROOT
from tests.models.outgoing import KEY, fates, post


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY))
    yield database
    database.close()


@pytest.mark.parametrize("word", ["before", "after"])
@pytest.mark.parametrize("place", range(4))
def test_it_loses_and_doubles_nothing_while_the_database_is_away(database: Database, word: str, place: int) -> None:
    post(database, "李雷", "answer")
    post(database, "news", "news", Lane.broadcast)
    weather, pusher, clock = Weather(database), Pusher(), Hand()
    courier = Courier(weather, pusher, clock)  # type: ignore[arg-type]
    weather.plan = ["ok"] * place + [word]  # lease, recover, claim, settle

    async def play() -> None:
        with pytest.raises(Away):
            await courier.carry()
        clock.go(1)
        await carry(courier, clock, 3)

    asyncio.run(play())
    assert sorted(pusher.texts()) == ["answer", "news"]
    assert fates(database) == {"answer": "sent", "news": "sent"}


def test_it_goes_on_after_a_bug_of_its_own(database: Database) -> None:
    post(database, "李雷", "m", now=now())
    pusher, broken = Pusher(), Weather(database)
    broken.submit = lambda unit: 1 / 0  # type: ignore[method-assign]
    courier = Courier(broken, pusher, now)  # type: ignore[arg-type]

    async def play() -> None:
        async with running(courier):
            await until(lambda: any(entry["event"] == "courier_round_failed" for entry in logs))
            del broken.submit
            await until(lambda: pusher.texts() == ["m"])

    with capture_logs() as logs:
        asyncio.run(play())
    assert fates(database) == {"m": "sent"}


# --- kill -9 ----------------------------------------------------------------------------------------------------------

IN_FLIGHT = 4


def courier_process(url: str, arrivals: Path, failpoint: str) -> int:
    """A courier in a process of its own, killed at a point; its exit code."""
    command = [sys.executable, "-m", "tests.fakes.pusher", url, KEY.hex(), str(arrivals), str(IN_FLIGHT)]
    environment = {**os.environ, "YIZHAN_FAILPOINT": failpoint}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def check_kills(database: Database, url: str, arrivals: Path, failpoints: list[str], count: int) -> None:
    """Kill a courier at each point, let a last one finish, and count what arrived how often."""
    lanes = [Lane.crisis, Lane.interactive, Lane.reminder, Lane.broadcast]
    texts = {f"{lanes[n % 4].name}-{n}": lanes[n % 4] for n in range(count)}
    for number, (words, lane) in enumerate(texts.items()):
        post(database, f"a{number % 11}", words, lane, now())
    assert [courier_process(url, arrivals, each) for each in failpoints] == [-signal.SIGKILL] * len(failpoints)
    assert courier_process(url, arrivals, "") == 0
    came = Counter(line.split()[1] for line in arrivals.read_text().splitlines())
    ends = fates(database)
    held = {text for text, fate in ends.items() if fate == "held"}
    assert set(ends.values()) <= {"sent", "held"}
    assert [text for text in texts if not came[text] and text not in held] == []  # nothing lost
    assert sum(many - 1 for many in came.values() if many > 1) <= IN_FLIGHT * len(failpoints)
    assert [text for text in texts if texts[text] == Lane.broadcast and came[text] > 1] == []  # no broadcast doubled
    assert {texts[text] for text in held} <= {Lane.broadcast}
    assert len(database.read(sending.held)) == len(held)


def test_it_survives_being_killed_at_every_point(database: Database, database_url: str, tmp_path: Path) -> None:
    check_kills(database, database_url, tmp_path / "arrivals", ["claimed:2", "sent:9", "settled:2"], 64)


@pytest.mark.soak
def test_it_survives_being_killed_often(database: Database, database_url: str, tmp_path: Path) -> None:
    points = [f"{point}:{times}" for times in range(1, 8) for point in ("claimed", "sent", "settled")]
    check_kills(database, database_url, tmp_path / "arrivals", points, 600)
