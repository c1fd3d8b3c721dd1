"""A student and a counselor who write to each other at the same instant: neither stands in the other's way."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.door import Door
from handlers import deadlines, intake, streams
from handlers.turn import Turn
from models.db import Database
from models.dialogue import Received
from models.message import Incoming, Reply
from models.outbox import Outbox
from models.person import Account
from models.ticket import Ticket
from tests.bot.doors import HANMEIMEI, LILEI, PATIENCE, at_once, message, said
from tests.builders import CAST, START, make_door, make_school, new_seal, settle, turn_of
from tests.equipment import SOAK

PAIRS = 12
ROUNDS = 400 if SOAK else 40
COUNSELOR = CAST["韩老师"].number
SCHOOL = make_school(most_open=5000)
NUMBER = re.compile(r"ZX-\d{4}-\d{4,}")


@pytest.fixture
def open_one(database_url: str) -> Iterator[Callable[[], Database]]:
    """Opens the settled database as one more process would."""
    seal = new_seal()
    opened: list[Database] = []

    def another() -> Database:
        opened.append(Database(database_url, seal))
        return opened[-1]

    another().run(settle)
    yield another
    for database in opened:
        database.close()


def open_matters(database: Database, door: Door, count: int) -> list[str]:
    for number in range(count):
        at_once(door.receive(message("找老师")))
        at_once(door.receive(message(f"第{number}个问题")))
    return database.read(lambda session: list(session.execute(select(Ticket.number).order_by(Ticket.number)).scalars()))


def check_streams(database: Database) -> int:
    """Every number of every account was given once, and none was left out; how many there are."""

    def numbers(session: Any) -> int:
        total = 0
        for account in session.execute(select(Account)).scalars():
            found = [
                number
                for table in (Received, Outbox)
                for number in session.execute(select(table.seq).where(table.account_id == account.id)).scalars()
            ]
            assert sorted(found) == list(range(1, account.seq + 1)), account.key
            total += len(found)
        return total

    return database.read(numbers)


def test_it_answers_both_sides_at_once(open_one: Callable[[], Database]) -> None:
    database = open_one()
    door = make_door(database, SCHOOL, lambda: START)
    matters = open_matters(database, door, 2 * PAIRS)
    waits = []
    for taken_back, answered in zip(matters[:PAIRS], matters[PAIRS:], strict=True):
        waits += [
            door.receive(message(f"撤回 {taken_back}")),
            door.receive(message(f"回复 {answered} 好的", account=COUNSELOR)),
        ]
    answers = at_once(*waits)
    assert all("已撤回" in said(answer) for answer in answers[::2])
    assert all("已回复" in said(answer) for answer in answers[1::2])
    ends = database.read(lambda session: session.execute(select(Ticket.number, Ticket.resolution)).all())
    assert {row[0]: row[1] for row in ends} == {
        **dict.fromkeys(matters[:PAIRS], "withdrawn"), **dict.fromkeys(matters[PAIRS:], "answered"),
    }  # fmt: skip
    check_streams(database)


def test_it_never_waits_crosswise(open_one: Callable[[], Database], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two students and their counselor, at two doors as of two processes, begin at one instant, round after round.

    Meanwhile pages say what they have seen, and a sweep reminds.
    """
    doors = [make_door(open_one(), SCHOOL, lambda: START) for _ in range(2)]
    database = open_one()
    accounts = database.read(lambda session: session.execute(select(Account.id)).scalars().all())
    seeing = [see_all(account_id) for account_id in accounts]
    meet_in_the_middle(monkeypatch, 1 if database.is_sqlite else 3)

    async def say(door: int, words: str, who: str) -> str:
        return said(await doors[door].receive(message(words, account=who)))

    async def together() -> None:
        opened = ""
        for number in range(ROUNDS):
            for who in (LILEI, HANMEIMEI):
                await say(0, "找老师", who)
            at_once_ = [
                say(0, f"第{number}个问题", LILEI), say(1, f"第{number}件事", HANMEIMEI),
                say(1, f"回复 {opened} 好的" if opened else "待办", COUNSELOR),
            ]  # fmt: skip
            beside = [asyncio.wrap_future(database.submit(unit)) for unit in (*seeing, sweep)]
            first, second, reply = await asyncio.gather(*at_once_)
            await asyncio.gather(*beside)
            assert NUMBER.search(second)
            assert not opened or "已回复" in reply
            found = NUMBER.search(first)
            assert found
            opened = found[0]

    with capture_logs() as logs:
        asyncio.run(asyncio.wait_for(together(), PATIENCE * 10))
    assert [entry for entry in logs if entry["event"] == "unit_retried"] == []
    # Each round: both students twice and the counselor once; two openings told to her, and one reply told to a student.
    assert check_streams(database) >= ROUNDS * 8 - 1


def meet_in_the_middle(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """So many speakers of one round wait for each other in the middle of their units, with all locks that they have."""
    barrier = threading.Barrier(count)
    real = intake.answer

    def answer(turn: Turn, incoming: Incoming) -> tuple[Reply, ...]:
        if incoming.text != "找老师":
            barrier.wait(PATIENCE)
        replies = real(turn, incoming)
        turn.session.flush()
        return replies

    monkeypatch.setattr(intake, "answer", answer)


def see_all(account_id: str) -> Callable[[Any], int]:
    return lambda session: streams.note_seen(session, account_id, 10**6, START)


def sweep(session: Any) -> None:
    deadlines.sweep(turn_of(session, None, START, school=SCHOOL))
