"""Nothing is lost and nothing doubled while the server is killed under load, on both databases."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import demo
from bot.settings import load
from handlers import signins
from models import failpoint
from models.db import Database
from models.dialogue import Received
from models.keys import remember_keys
from models.outbox import Outbox
from models.person import Person
from models.seal import Seal
from models.ticket import Event, Ticket
from tests.deciding import NUMBER, Counselor, ask_leaves, check_decisions
from tests.equipment import SOAK
from tests.killing import (
    PATIENCE,
    Message,
    Page,
    Served,
    Totals,
    environment,
    free_port,
    script,
    ticket_words,
    words_of,
    write_config,
)

# On the path of a message; the others are the courier's, which the web chat does not need. "grouped" is SQLite's.
POINTS = ("received", "answered", "grouped", "committed")


@dataclass
class Run:
    """One run: its size, and what it measured."""

    pages: int
    messages: int
    random_kills: int
    kills: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)


@pytest.fixture
def run() -> Run:
    """The size of this run: the short form takes about 20 seconds, the long one is what was promised."""
    return Run(10, 200, 20) if SOAK else Run(5, 60, 5)


def prepare(database: Database, count: int) -> tuple[list[str], list[str]]:
    """The invented school in a database; the cookies of some students and, last, of their counselor, who are signed in
    on the web chat; and a leave of each student that waits for the counselor."""
    now = datetime.now(UTC)
    database.run(remember_keys)
    demo.fill(database, now)

    def unit(session: Any) -> tuple[list[str], list[str]]:
        students = session.execute(
            select(Person.id).where(Person.kind == "student").order_by(Person.number).limit(count)
        ).scalars().all()  # fmt: skip
        counselor = session.execute(select(Person.id).where(Person.number == NUMBER)).scalar_one()
        made = []
        for place, person in enumerate((*students, counselor)):
            cookie = "p" + f"{place:02}".rjust(43, "k")
            signins.enter(session, cookie, person, now, timedelta(days=1))
            made.append(cookie)
        return made, ask_leaves(session, list(students), now)

    return database.run(unit)


def test_it_loses_and_doubles_nothing_while_it_is_killed(
    database_url: str, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(POINTS) < set(failpoint.POINTS)
    port = free_port()
    config = write_config(tmp_path, database_url, port)
    keys = load(config, environment(), "en").keys
    seal = Seal(keys.current.get_secret_value(), (), keys.index.get_secret_value())
    database = Database(database_url, seal)
    seed = int(os.environ.get("YIZHAN_SEED", "0")) or random.randrange(10**6)
    chance = random.Random(seed)
    served = Served(config, port)
    try:
        (*cookies, hers), leaves = prepare(database, run.pages)
        each = run.messages // run.pages
        pages = [Page(served.address, cookie, script(who, each), chance) for who, cookie in enumerate(cookies)]
        questions = sum(bool(message.opens) for page in pages for message in page.messages)
        counselor = Counselor(served.address, hers, chance, leaves, questions)
        streams = asyncio.run(play(served, pages, counselor, run, chance, with_groups=database.is_sqlite))
        figures = check(database, pages, counselor, streams)
    finally:
        served.kill()
        database.close()
    assert "Traceback" not in served.said()
    assert "呜噜" not in served.said()
    with capsys.disabled():
        times = sorted(run.recoveries)
        sys.stdout.write(
            f"\n{database.url.get_backend_name()}: {len(run.kills)} kills ({', '.join(sorted(set(run.kills)))}), {figures}, "
            f"recovery p50 {times[len(times) // 2]:.2f} s, max {times[-1]:.2f} s, seed {seed}\n"
        )


async def play(
    served: Served, pages: list[Page], counselor: Counselor, run: Run, chance: random.Random, *, with_groups: bool
) -> list[list[tuple[int, str]]]:
    """Let the pages talk and the counselor decide while the server is killed again and again; answers with what their
    streams show at last, the counselor's last and without its first number."""
    plan = ["random"] * run.random_kills + [point for point in POINTS if with_groups or point != "grouped"]
    chance.shuffle(plan)
    share = run.messages // (len(plan) + 1)
    gate = asyncio.Semaphore(0)
    playing = [asyncio.create_task(page.play(gate)) for page in pages]
    playing.append(asyncio.create_task(counselor.decide()))
    died_at: list[float] = []
    try:
        for kill in plan:
            await live_and_die(served, pages, gate, share, kill, chance)
            died_at.append(time.monotonic())
            run.kills.append(kill)
        served.start()
        for _ in range(run.messages):
            gate.release()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*playing)
            await asyncio.gather(*(page.replay() for page in (*pages, counselor)))
            streams = list(await asyncio.gather(*(page.stream() for page in pages), counselor.stream(1)))
    finally:
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)
    answered_at = [at for page in pages for at in page.answered_at]
    run.recoveries = [min(at for at in answered_at if at > died) - died for died in died_at]
    return streams


async def live_and_die(
    served: Served, pages: list[Page], gate: asyncio.Semaphore, share: int, kill: str, chance: random.Random
) -> None:
    """One life: the pages are let on with some messages, and somewhere among them the server dies."""
    before = sum(len(page.answers) for page in pages)
    for _ in range(share):
        gate.release()
    if kill == "random":
        served.start()
        after = before + chance.randrange(share)
        async with asyncio.timeout(PATIENCE):
            await served.healthy()
            while sum(len(page.answers) for page in pages) < after:  # noqa: ASYNC110 (the counts of many pages)
                await asyncio.sleep(0.001)
        await asyncio.sleep(chance.random() * 0.04)
        served.kill()
    else:
        # Three groups are the start's own.
        count = chance.randrange(4, 6) if kill == "grouped" else chance.randrange(2, share)
        served.start(f"{kill}:{count}")
        assert await served.dead() == -signal.SIGKILL, served.said()[-2000:]


def check(
    database: Database, pages: list[Page], counselor: Counselor, streams: list[list[tuple[int, str]]]
) -> str:  # fmt: skip
    """Compare what was said with what is in the database, by a connection of the test's own; answers with the figures."""
    everything = [message for page in (*pages, counselor) for message in page.messages]
    keys = Totals(
        Counter(message.key for message in everything),
        Counter(key for page in (*pages, counselor) for key in page.answers),
        Counter(key.split(":")[1] for key in database.read(lambda session: column(session, Received.key))),
    )
    keys.check("messages")
    tickets = Totals(
        Counter(message.opens for message in everything if message.opens),
        Counter(
            message.opens for page in pages for message in page.messages if message.opens and opened(page, message)
        ),
        Counter(database.read(ticket_words)),
    )
    tickets.check("tickets")
    assert set(database.read(lambda session: column(session, Received.status))) == {"done"}
    openings = database.read(lambda session: column(session, Event.ticket_id, Event.kind == "opened"))
    assert sorted(openings) == sorted(database.read(lambda session: column(session, Ticket.id)))
    dedupe = database.read(lambda session: column(session, Outbox.dedupe_key))
    assert len(dedupe) == len(set(dedupe)) >= len(openings)
    told = database.read(lambda session: column(session, Outbox.ticket_id, Outbox.event_rev == 1))
    assert Counter(told) == Counter(openings), "each opening was told to its counselor, once"
    *theirs, hers = streams
    assert [number for number, _ in hers] == list(range(2, len(hers) + 2))
    for page, stream in zip((*pages, counselor), streams, strict=True):
        assert [key for _, key in stream if key] == [message.key for message in page.messages]
    for page, stream in zip(pages, theirs, strict=True):
        assert [number for number, _ in stream] == list(range(1, len(stream) + 1))
        notices = sum(not key for _, key in stream)
        assert notices == 1 + sum(bool(message.opens) for message in page.messages), "each decision is shown, once"
    decisions = database.read(lambda session: check_decisions(session, counselor))
    sent = sum(page.sent for page in (*pages, counselor))
    return (
        f"{len(everything)} messages sent {sent} times, {decisions}, {len(openings)} tickets, "
        f"lost {len(keys.lost) + len(tickets.lost)}, doubled {len(keys.doubled) + len(tickets.doubled)}"
    )


def column(session: Any, of: Any, *where: Any) -> list[Any]:
    """Every value of a column."""
    return list(session.execute(select(of).where(*where)).scalars())


def opened(page: Page, message: Message) -> bool:
    """Whether the page was told that its ticket was opened."""
    return re.search(r"ZX-\d{4}-\d{4,}", words_of(page.answers.get(message.key, ""))) is not None


def test_it_sees_what_is_lost_and_doubled() -> None:
    totals = Totals(Counter("abcd"), Counter("abc"), Counter("abbx"))
    assert totals.lost == ["c"]
    assert totals.unanswered == ["d"]
    assert totals.doubled == ["b"]
    assert totals.unexpected == ["x"]
    with pytest.raises(AssertionError, match="doubled"):
        totals.check("letters")
