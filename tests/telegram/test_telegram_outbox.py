"""What was written to be sent is neither lost nor, but for what was in flight, doubled while the bot is killed."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from models import holding
from models.db import Database
from models.outbox import Delivery, Lane, Outbox
from tests.equipment import SOAK
from tests.fakes.telegram import TelegramFake
from tests.killing import Served, environment, free_port
from tests.telegram.arrivals import compare
from tests.telegram.playing import (
    CHANNEL,
    configure,
    count,
    expire_leases,
    open_database,
    people_the_school,
    post,
    until,
)

ROWS, PEOPLE, KILLS = (2000, 500, 20) if SOAK else (150, 75, 3)
PER_SECOND = 25.0 if SOAK else 100.0
IN_FLIGHT = 20  # what the channel lets be under way at once
BROADCAST = 4  # every so many-th of the messages goes the way of broadcasts


def test_it_loses_nothing_of_the_outbox_while_it_is_killed(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("YIZHAN_SEED", "0")) or random.randrange(10**6)
    figures = asyncio.run(play(database_url, tmp_path, random.Random(seed)))
    assert "lost 0" in figures
    with capsys.disabled():
        kind = database_url.partition(":")[0]
        sys.stdout.write(f"\n{kind}: {figures}, seed {seed}\n")


async def play(url: str, folder: Path, chance: random.Random) -> str:
    async with TelegramFake(limited=SOAK) as fake:
        port = free_port()
        config = configure(folder, url, fake, port, telegram=f"per_second = {PER_SECOND}")
        database, served = open_database(config), Served(config, port)
        deaths: list[float] = []
        try:
            people_the_school(database, on=())
            people = [str(fake.person(f"人{place}", 5000 + place, started=True).id) for place in range(PEOPLE)]
            written = {}
            for place in range(ROWS):
                lane = Lane.broadcast if place % BROADCAST == 0 else Lane.interactive
                written[post(database, people[place % PEOPLE], f"第{place}条", lane)] = f"第{place}条"
            for kill in range(KILLS):
                served.start()
                after = ROWS * (kill + 1) // (KILLS + 1) + chance.randrange(ROWS // (KILLS + 1) // 2 + 1)
                await until(lambda after=after: len(fake.sent) >= after, pause=0.001)  # type: ignore[misc]
                await asyncio.sleep(chance.random() * 0.04)
                served.kill()
                deaths.append(fake.clock.now())
                expire_leases(database)
            served.start()
            waiting = (Outbox.bot == CHANNEL, Outbox.status.in_((Delivery.ready, Delivery.sending)))
            await until(lambda: not count(database, Outbox, *waiting), 240, 0.2)
            await served.healthy()
        finally:
            served.kill()
        try:
            return check(database, fake, written, deaths, held_lines(config))
        finally:
            database.close()


def held_lines(config: Path) -> str:
    """What the operator's list says."""
    command = [sys.executable, "-m", "bot", "held", "--config", str(config)]
    return subprocess.run(
        command, cwd=config.parent, env=environment(), capture_output=True, text=True, check=True
    ).stdout


def check(database: Database, fake: TelegramFake, written: dict[str, str], deaths: list[float], listed: str) -> str:
    fates = database.read(lambda session: dict(session.execute(select(Outbox.id, Outbox.status)).all()))
    assert set(fates) == set(written)
    assert set(fates.values()) <= {Delivery.sent, Delivery.held}
    held = {row.id for row in database.read(holding.list_held)}
    assert held == {row for row, status in fates.items() if status == Delivery.held}
    lanes = database.read(lambda session: dict(session.execute(select(Outbox.id, Outbox.lane)).all()))
    assert {lanes[row] for row in held} <= {Lane.broadcast}
    assert [row for row in held if row not in listed] == [], "each is listed for the operator"
    # A message that perhaps came before says so in front of its words, which come in whole copies only.
    arrived = Counter(sent.text.replace("（可能重复）", "").strip() for sent in fake.sent)
    assert set(arrived) <= set(written.values())
    lost = [words for row, words in written.items() if not arrived[words] and row not in held]
    assert lost == []
    doubled = sorted(words for words, times in arrived.items() if times > 1)
    broadcasts = {written[row] for row in written if lanes[row] == Lane.broadcast}
    assert not broadcasts & set(doubled), "a broadcast is held, never sent twice"
    there = compare(database, fake)
    perhaps = {written[row] for row in held}
    extra = [each for each in there.extra if each.text not in perhaps]  # What is held did arrive in part.
    assert Counter(each.text.replace("（可能重复）", "").strip() for each in extra) == Counter(
        {words: arrived[words] - 1 for words in doubled}
    )
    assert there.missing == []
    both = there.per_life(deaths)
    assert max(both, default=0) <= IN_FLIGHT
    assert len(both) <= len(deaths)
    marked = {sent.text.replace("（可能重复）", "").strip() for sent in fake.sent if "可能重复" in sent.text}
    assert set(doubled) <= marked, "whatever came twice says so"
    assert fake.limits.ignored == []
    assert fake.limits.fastest() <= 30 or not SOAK
    return (
        f"{len(deaths)} kills, {len(written)} rows, {len(arrived)} arrived, lost {len(lost)}, doubled {len(doubled)} "
        f"(most of one kill {max(both, default=0)}, {len(marked)} marked): {' '.join(doubled) or 'none'}; held and listed "
        f"{len(held)}, of which arrived {len(there.extra) - len(extra)}; most in a second {fake.limits.fastest()}, "
        f"429s {sum(fake.limits.throttled.values())}"
    )
