"""Two couriers of one bot: no message goes out twice, and never faster than the bot may speak; a stopped one stays out."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.client import Telegram
from bot.courier import Courier
from models.db import Database
from models.outbox import Delivery, Lane, Outbox, Sender
from models.seal import Seal
from tests.equipment import SOAK
from tests.fakes.telegram import Pace, TelegramFake
from tests.killing import environment
from tests.telegram.playing import CHANNEL, column, count, post, until

KEY = b"k" * 32
LEASE = 2.0
PEOPLE = 40
ROWS, STOPS, PER_SECOND = (800, 10, 25.0) if SOAK else (120, 1, 25.0)
IN_FLIGHT = 20
# Messages in any one second that Telegram lets pass for a bot; what the own pace keeps below it is for the way between, on
# which several may come together.
PLATFORM = 30

# A courier in a process of its own, which only a signal ends; it says its fence whenever it leads.
CHILD = """
import asyncio, json, sys
from datetime import UTC, datetime
from bot.channels.telegram.client import Telegram
from bot.courier import Courier
from models.db import Database
from models.seal import Seal

async def main(url, key, token, api, per_second, lease):
    database = Database(url, Seal(bytes.fromhex(key)))
    async with Telegram(token, api_base=api, per_second=per_second) as bot:
        courier = Courier(database, bot, lambda: datetime.now(UTC), lease)
        await courier.run(asyncio.Event())

asyncio.run(main(*json.loads(sys.argv[1])))
"""


def start(url: str, fake: TelegramFake, log: Path) -> subprocess.Popen[bytes]:
    values = [url, KEY.hex(), fake.token, fake.root_url, PER_SECOND, LEASE]
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-c", CHILD, json.dumps(values)], env=environment(), stdin=subprocess.DEVNULL, stdout=file,
            stderr=file,
        )  # fmt: skip


def holder(database: Database) -> int:
    """The process that holds the lease, 0 for nobody."""
    now = datetime.now(UTC)
    owners = database.read(lambda session: column(session, Sender.owner, Sender.bot == CHANNEL, Sender.until_at > now))
    return int(owners[0].partition("-")[0]) if owners and owners[0] else 0


def texts(fake: TelegramFake) -> Counter[str]:
    return Counter(sent.text.replace("（可能重复）", "").strip() for sent in fake.sent)


def done(database: Database) -> bool:
    return not count(database, Outbox, Outbox.status.in_((Delivery.ready, Delivery.sending)))


def test_it_sends_nothing_more_after_a_stop_past_its_lease(
    postgresql_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only PostgreSQL has more than one process at work; a SQLite file's lock keeps out the second."""
    figures = asyncio.run(stop_and_go(postgresql_url, tmp_path))
    assert "lost 0" in figures
    with capsys.disabled():
        sys.stdout.write(f"\npostgresql: {figures}\n")


async def stop_and_go(url: str, folder: Path) -> str:
    database = Database(url, Seal(KEY))
    async with TelegramFake(pace=Pace()) as fake:
        people = [str(fake.person(f"人{place}", 5000 + place, started=True).id) for place in range(PEOPLE)]
        written = [f"第{place}条" for place in range(ROWS)]
        for place, words in enumerate(written):
            post(database, people[place % PEOPLE], words, Lane.interactive)
        logs = [folder / "first.log", folder / "second.log"]
        couriers = [start(url, fake, log) for log in logs]
        spans: list[tuple[float, float, int]] = []
        locked = 0
        try:
            for turn in range(STOPS):
                share = ROWS * (turn + 1) // (STOPS + 2)
                await until(lambda share=share: len(fake.sent) >= share, pause=0.002)  # type: ignore[misc]
                first = next(each for each in couriers if each.pid == holder(database))
                os.kill(first.pid, signal.SIGSTOP)
                stopped_at, before = fake.clock.now(), len(fake.sent)
                try:
                    await until(lambda first=first: holder(database) not in (0, first.pid), LEASE * 4)  # type: ignore[misc]
                except AssertionError:
                    # It was stopped within a transaction, whose lock on the lease nobody can take from it.
                    os.kill(first.pid, signal.SIGCONT)
                    locked += 1
                    continue
                await until(lambda before=before: len(fake.sent) > before + IN_FLIGHT or done(database))  # type: ignore[misc]
                os.kill(first.pid, signal.SIGCONT)
                spans.append((stopped_at, fake.clock.now(), first.pid))
            await until(lambda: done(database), 240)
            await asyncio.sleep(LEASE / 2)  # what a late one would still send comes now
        finally:
            for each in couriers:
                os.kill(each.pid, signal.SIGCONT)
                each.kill()
                each.wait()
            said = "".join(log.read_text("utf-8", "replace") for log in logs)
            left = column_of(database, Outbox.status)
            database.close()
        assert set(left) == {Delivery.sent}
        assert spans or locked
        assert "Traceback" not in said
        return judge(fake, written, spans, locked)


def judge(fake: TelegramFake, written: list[str], spans: list[tuple[float, float, int]], locked: int) -> str:
    """What arrived, against what was written and when which courier stood still; the figures."""
    arrived = texts(fake)
    assert set(arrived) == set(written)
    # What was in flight when its courier was stopped may come again from the other: its first copy is from before
    # the stop. A late courier's copy would come after the other's.
    doubled = sorted(words for words, times in arrived.items() if times > 1)
    for words in doubled:
        first_at, *more = sorted(each.at for each in fake.sent if each.text.endswith(words))
        assert len(more) == 1, f"{words} came {len(more) + 1} times"
        assert any(first_at <= stopped + 0.1 and stopped < more[0] for stopped, _, _ in spans), words
    assert len(doubled) <= IN_FLIGHT * STOPS
    assert fake.limits.fastest() <= PLATFORM, "the successor goes on at the former one's pace"
    assert fake.limits.ignored == []
    return (
        f"{ROWS} messages, two processes, {len(spans)} stops past the lease, {locked} within a lock, lost 0, sent after fencing 0, doubled "
        f"{len(doubled)} that were in flight ({' '.join(doubled) or 'none'}), most in a second {fake.limits.fastest()} "
        f"of {PER_SECOND:g}, 429s {sum(fake.limits.throttled.values())}"
    )


def column_of(database: Database, of: Any) -> list[Any]:
    return database.read(lambda session: column(session, of))


def test_it_speaks_with_one_voice_from_two_couriers(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def act() -> str:
        database = Database(database_url, Seal(KEY))
        async with (
            TelegramFake(pace=Pace()) as fake,
            Telegram(fake.token, api_base=fake.root_url) as one,
            Telegram(fake.token, api_base=fake.root_url) as two,
        ):
            people = [str(fake.person(f"人{place}", 5000 + place, started=True).id) for place in range(PEOPLE)]
            written = [post(database, people[place % PEOPLE], f"第{place}条") for place in range(PEOPLE * 2)]
            closings = [asyncio.Event(), asyncio.Event()]
            couriers = [Courier(database, bot, lambda: datetime.now(UTC), LEASE) for bot in (one, two)]
            began = time.monotonic()
            tasks = [asyncio.create_task(each.run(end)) for each, end in zip(couriers, closings, strict=True)]
            try:
                await until(lambda: len(fake.sent) >= PEOPLE)
                leader = next(place for place, each in enumerate(couriers) if each.carried.sent)
                closings[leader].set()  # It hands over in the middle.
                await until(lambda: done(database))
            finally:
                for end in closings:
                    end.set()
                await asyncio.gather(*tasks)
                database.close()
            seconds = time.monotonic() - began
            carried = [each.carried.sent for each in couriers]
            assert set(texts(fake).values()) == {1}
            assert (len(fake.sent), sum(carried), min(carried) > 0) == (len(written), len(written), True)
            assert fake.limits.fastest() <= PLATFORM
            assert fake.limits.ignored == []
            assert not fake.limits.throttled
            return (
                f"{len(written)} messages by two couriers ({carried[0]} and {carried[1]}) in {seconds:.1f} s, doubled 0, "
                f"most in a second {fake.limits.fastest()} of {one.per_second:g}, 429s 0"
            )

    figures = asyncio.run(act())
    with capsys.disabled():
        sys.stdout.write(f"\n{database_url.partition(':')[0]}: {figures}\n")
