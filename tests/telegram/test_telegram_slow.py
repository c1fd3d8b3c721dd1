"""A slow chat and poisoned updates hold up nobody else, by webhook and by polling."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from models.inbox import Inbox
from tests.fakes.telegram import Fault
from tests.telegram.playing import HANMEIMEI, LILEI, Bot, column, running, until

OTHERS = 12
SLOW = 1.5  # seconds that each file and each message of the slow person takes
POISON = ("odd", "unknown", "empty", "null", "surrogate", "nested")


def bring(bot: Bot, mode: str) -> asyncio.Task[None] | None:
    """Let the platform bring what is written: by polling it is fetched; by webhook a stand-in for its actor posts it,
    each chat's in order and different chats' side by side."""
    if mode == "polling":
        return None

    async def carry() -> None:
        rows: dict[int, asyncio.Task[None]] = {}

        async def line(queue: int) -> None:
            while mine := [each for each in bot.fake.updates.pending if each.queue == queue]:
                assert await bot.post(mine[0].body.encode()) == 200
                bot.fake.updates.forget(mine[0])

        while True:
            for each in list(bot.fake.updates.pending):
                if each.queue not in rows or rows[each.queue].done():
                    rows[each.queue] = asyncio.create_task(line(each.queue))
            await asyncio.sleep(0.005)

    return asyncio.create_task(carry())


async def delays(bot: Bot) -> list[float]:
    """Everybody else writes one message; how long each waited for the answer."""
    loop, before = asyncio.get_running_loop(), {}
    for place in range(OTHERS):
        person = bot.person(1004 + place)
        before[person.id] = len(person.sees())
    began, waited = loop.time(), {}
    for number in before:
        bot.person(number).write("菜单")

    def look() -> bool:
        for number, seen in before.items():
            if number not in waited and len(bot.person(number).sees()) > seen:
                waited[number] = loop.time() - began
        return len(waited) == OTHERS

    await until(look, pause=0.005)
    return sorted(waited.values())


@pytest.mark.parametrize("mode", ["webhook", "polling"])
def test_it_delays_no_other_by_a_slow_chat(mode: str, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    async def act() -> str:
        async with running(tmp_path, database_url, mode=mode, students=OTHERS) as bot:
            carrying = bring(bot, mode)
            alone = await delays(bot)
            slow = bot.person(LILEI)
            bot.fake.faults.add(Fault("slow", "getFile", seconds=SLOW, times=None))
            bot.fake.faults.add(Fault("slow", "sendMessage", chat_id=LILEI, seconds=SLOW, times=None))
            for _ in range(4):
                slow.send_photo(caption="请看")
            for _ in range(4):
                bot.person(HANMEIMEI).send_document(b"%PDF-1.7 x", "证明.pdf")
            await until(lambda: len(column_of(bot)) == 8)
            beside = await delays(bot)
            # Order, not the clock: all others were answered while the slow ones still waited for their second answer.
            assert len(slow.sees()) <= 1
            assert column_of(bot), "the slow chats were done before the others"
            bot.fake.faults.clear()
            if carrying is not None:
                carrying.cancel()
        assert beside[-1] - alone[-1] < 1.0
        return (
            f"{OTHERS} others waited at most {alone[-1]:.2f} s alone, {beside[-1]:.2f} s beside two chats whose files and "
            f"answers take {SLOW} s each"
        )

    figures = asyncio.run(act())
    with capsys.disabled():
        sys.stdout.write(f"\n{database_url.partition(':')[0]} {mode}: {figures}\n")


def column_of(bot: Bot) -> list[str]:
    """The deliveries that wait or are being worked on."""
    return bot.database.read(lambda session: column(session, Inbox.id, Inbox.status == "waiting"))


@pytest.mark.parametrize("mode", ["webhook", "polling"])
def test_it_sets_poison_aside_and_delays_nobody(
    mode: str, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def act() -> str:
        async with running(tmp_path, database_url, mode=mode, students=OTHERS) as bot:
            carrying = bring(bot, mode)
            alone = await delays(bot)
            for place in range(18):
                bot.fake.poison(POISON[place % len(POISON)], chat_id=LILEI)
            bot.person(LILEI).write("菜单")  # in the queue behind them
            beside = await delays(bot)
            await until(lambda: not bot.fake.updates.pending and bot.kept() == 0)
            await until(lambda: len(bot.person(LILEI).sees()) >= 1)
            aside = bot.kept("quarantined")
            # Three of the six shapes have what nobody can read; the others are read, and say nothing.
            assert aside == 9
            if carrying is not None:
                carrying.cancel()
        assert beside[-1] - alone[-1] < 1.0
        return f"others waited at most {alone[-1]:.2f} s alone, {beside[-1]:.2f} s behind 18 poisoned updates, {aside} set aside"

    figures = asyncio.run(act())
    with capsys.disabled():
        sys.stdout.write(f"\n{database_url.partition(':')[0]} {mode}: {figures}\n")
