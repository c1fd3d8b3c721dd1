"""Updates of Telegram are neither lost nor doubled while the bot is killed, by webhook and by polling, on both databases."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from models import failpoint
from models.db import Database
from models.dialogue import Received
from models.inbox import Inbox
from models.outbox import Delivery, Outbox
from models.ticket import Event, Ticket
from tests import test_sweep_kills
from tests.equipment import SOAK
from tests.fakes.telegram import TOKEN, TelegramFake
from tests.killing import Served, Totals, free_port, script, ticket_words
from tests.telegram.arrivals import compare
from tests.telegram.playing import (
    CHANNEL,
    FIRST,
    column,
    configure,
    expire_leases,
    is_idle,
    open_database,
    people_the_school,
    until,
)

POINTS = ("taken", "received", "answered", "grouped", "committed", "claimed", "sent", "settled")
# What the short form dies at, so that its four runs together die at every point.
SHORT = {
    ("sqlite", "webhook"): ("taken", "grouped"),
    ("sqlite", "polling"): ("received", "claimed"),
    ("postgresql", "webhook"): ("answered", "sent"),
    ("postgresql", "polling"): ("committed", "settled"),
}
IN_FLIGHT = 20  # what the channel lets be under way at once, and so what one kill may double


@dataclass
class Run:
    """One run: its size, and what happened."""

    updates: int
    people: int
    plan: list[str]
    wrote: dict[int, str] = field(default_factory=dict)  # update → words
    opens: list[str] = field(default_factory=list)
    deaths: list[float] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)


def make_run(kind: str, mode: str, chance: random.Random) -> Run:
    if not SOAK:
        return Run(60, 20, [*SHORT[kind, mode], *(["random"] if mode == "webhook" else [])])
    points = [point for point in POINTS if kind == "sqlite" or point != "grouped"]
    plan = ["random"] * 40 + points
    chance.shuffle(plan)
    return Run(1000, 20, plan)


def test_it_knows_every_point() -> None:
    assert set(POINTS) == set(failpoint.POINTS) - set(test_sweep_kills.POINTS)  # The sweep has kills of its own.
    assert {point for points in SHORT.values() for point in points} == set(POINTS)


@pytest.mark.parametrize("mode", ["webhook", "polling"])
def test_it_loses_and_doubles_no_update_while_it_is_killed(
    mode: str, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("YIZHAN_SEED", "0")) or random.randrange(10**6)
    chance = random.Random(seed)
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    run = make_run(kind, mode, chance)
    figures = asyncio.run(play(run, mode, database_url, tmp_path, chance))
    assert "lost 0" in figures
    with capsys.disabled():
        times = sorted(run.recoveries)
        sys.stdout.write(
            f"\n{kind} {mode}: {len(run.plan)} kills ({', '.join(sorted(set(run.plan)))}), {figures}, "
            f"recovery p50 {times[len(times) // 2]:.2f} s, max {times[-1]:.2f} s, seed {seed}\n"
        )


async def play(run: Run, mode: str, url: str, folder: Path, chance: random.Random) -> str:
    """Let people write while the bot is killed; answers with the figures."""
    async with TelegramFake(webhook_scale=0.05) as fake:
        port = free_port()
        config = configure(folder, url, fake, port, mode, limits="most_open_per_person = 1000")
        database, served = open_database(config), Served(config, port)
        try:
            people_the_school(database, run.people, on=())  # The counselor reads the page.
            lines = talk(run, fake)
            share = len(lines) // (len(run.plan) + 1)
            for kill in run.plan:
                todo, lines = lines[:share], lines[share:]
                await live_and_die(run, fake, database, served, todo, kill, chance)
                run.deaths.append(fake.clock.now())
            await begin(served, database)
            await write(run, fake, lines, 0.0)
            await served.healthy()
            await until(lambda: is_idle(database, fake), 240, 0.2)
            return check(run, database, fake, served)
        finally:
            served.kill()
            database.close()


def talk(run: Run, fake: TelegramFake) -> list[tuple[Any, str, str]]:
    """What everybody will write, by turns: the person, the words, and those of the ticket that they open."""
    each = run.updates // run.people
    found: list[list[tuple[Any, str, str]]] = []
    for place in range(run.people):
        person = fake.person(f"学生{place}", FIRST + 3 + place, started=True)
        # A count that is odd ends with half a talk, which opens nothing.
        lines = script(place, each + 1)[:each]
        found.append([(person, line.text, line.opens) for line in lines])
    return [lines[turn] for turn in range(each) for lines in found]


async def write(run: Run, fake: TelegramFake, lines: list[tuple[Any, str, str]], gap: float) -> None:
    for person, words, opens in lines:
        person.write(words)
        run.wrote[fake.updates.next_id - 1] = words
        run.opens += [opens] if opens else []
        await asyncio.sleep(gap)


async def begin(served: Served, database: Database, failpoint: str = "") -> None:
    """Start the bot; the dead one's leases are over before it has read any, as after a while without it."""
    served.start(failpoint)
    # By now the last words that the dead one had sent to its database have been read there.
    await asyncio.sleep(0.3)
    expire_leases(database)


async def live_and_die(
    run: Run, fake: TelegramFake, database: Database, served: Served, lines: list[Any], kill: str, chance: random.Random
) -> None:  # fmt: skip
    """One life: people write, and somewhere among what they wrote the bot dies."""
    before, born = len(fake.sent), time.monotonic()
    heard = asyncio.create_task(recovered(run, fake, before, born))
    feeding = asyncio.create_task(write(run, fake, lines, 0.03))
    try:
        if kill == "random":
            await begin(served, database)
            after = before + 1 + chance.randrange(max(len(lines) - 1, 1))
            await until(lambda: len(fake.sent) >= after, pause=0.002)
            await asyncio.sleep(chance.random() * 0.06)
            served.kill()
        else:
            # Everything that was written may come as one batch.
            times = {"grouped": chance.randrange(5, 9), "taken": 1}.get(kill, chance.randrange(1, 3))
            await begin(served, database, f"{kill}:{times}")
            assert await served.dead() == -signal.SIGKILL, served.said()[-2000:]
        await feeding
    finally:
        heard.cancel()
        feeding.cancel()
        await asyncio.gather(heard, feeding, return_exceptions=True)


async def recovered(run: Run, fake: TelegramFake, before: int, born: float) -> None:
    await until(lambda: len(fake.sent) > before)
    run.recoveries.append(time.monotonic() - born)


def check(run: Run, database: Database, fake: TelegramFake, served: Served) -> str:
    """Hold what was written against what is in the database and at the platform."""
    own = TOKEN.partition(":")[0]  # Updates are counted by each bot for itself.
    keys = Counter(f"{own}.{number}" for number in run.wrote)
    updates = Totals(
        keys, keys, Counter(database.read(lambda session: column(session, Received.key, Received.channel == CHANNEL)))
    )
    updates.check("updates")
    assert set(database.read(lambda session: column(session, Received.status))) == {"done"}
    assert database.read(lambda session: column(session, Inbox.id)) == []
    meant = Counter(run.opens)
    tickets = Totals(meant, meant, Counter(database.read(ticket_words)))
    tickets.check("tickets")
    openings = database.read(lambda session: column(session, Event.ticket_id, Event.kind == "opened"))
    assert sorted(openings) == sorted(database.read(lambda session: column(session, Ticket.id)))
    # Each delivery has its answer among what was sent, and what counts as sent arrived.
    rows = database.read(lambda session: column(session, Received.id, Received.channel == CHANNEL))
    sent = database.read(
        lambda session: column(session, Outbox.dedupe_key, Outbox.bot == CHANNEL, Outbox.status == Delivery.sent)
    )
    unsent = database.read(
        lambda session: column(session, Outbox.id, Outbox.bot == CHANNEL, Outbox.status != Delivery.sent)
    )
    assert unsent == []
    answered = Counter(key.partition(":")[0] for key in sent)
    assert [row for row in rows if not answered[row]] == []
    there = compare(database, fake)
    assert there.missing == []
    doubles = there.per_life(run.deaths)
    assert max(doubles, default=0) <= IN_FLIGHT
    assert len(doubles) <= len(run.deaths), "a life that was not ended doubled something"
    marked = sum("可能重复" in each.text for each in fake.sent)
    assert marked >= len(there.extra), "whatever came twice says so"
    assert fake.limits.ignored == []
    assert "Traceback" not in served.said()
    assert "呜噜" not in served.said()
    assert fake.token not in served.said()
    again = sum(each.status > 0 for each in fake.webhook.deliveries) - len(run.wrote)
    return (
        f"{len(rows)} updates ({max(again, 0)} delivered again), {len(openings)} tickets, {len(sent)} answers sent, "
        f"lost {len(updates.lost) + len(tickets.lost) + len(there.missing)}, "
        f"effects doubled {len(updates.doubled) + len(tickets.doubled)}, answers doubled {len(there.extra)} "
        f"(most of one kill {max(doubles, default=0)}; marked so: {marked}), 429s {sum(fake.limits.throttled.values())}, "
        f"most in a second {fake.limits.fastest()}"
    )
