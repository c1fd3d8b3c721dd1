"""Word of events to other systems: written with the event, signed, in order, tried for a day, and never to a private address."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import subprocess
import sys
from collections import Counter, deque
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.courier import Courier
from bot.hooks import HookChannel
from handlers import hooks, tickets
from handlers.turn import Hook
from models import sending
from models.db import Database
from models.meta import Audit
from models.numbering import give
from models.outbox import Outbox
from models.seal import Seal
from models.ticket import Ticket
from tests import builders
from tests.bot.hooking import PORTAL, Hand, act, act_in, carried, fates, opened, school_with, told, turn_of
from tests.bot.hooks_child import SECRET, settings_for
from tests.bot.hooks_server import Receiver
from tests.builders import START
from tests.equipment import SOAK
from tests.killing import environment

# -- in the unit of the event


def test_it_is_written_with_the_event_or_not_at_all(database: Database) -> None:
    school = school_with(
        PORTAL,
        Hook("jw", items=frozenset({"leave"})),
        Hook("wx", frozenset({"replied"}), frozenset(), frozenset({"logistics"})),
    )
    number = opened(database, school)
    act(database, school, number, tickets.take)
    assert [bot for bot, _ in told(database)] == ["hook:portal"] * 2
    act(database, school, number, tickets.note, "只有老师看")
    opened(database, school, "crisis")
    assert len(told(database)) == 2, "Notes and private matters are nobody else's."

    def broken(session: Any) -> None:
        turn = turn_of(session, school, "后勤老师", START)
        act_in(turn, number, tickets.reply, "好")
        give(session)
        message = "after everything was written"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        database.run(broken)
    assert len(told(database)) == 2
    words = "".join(body for _, body in told(database))
    assert number in words
    assert not any(each in words for each in ("秘密", "李雷", "2023001", "后勤老师", "402"))
    count = select(func.count(Outbox.id)).where(Outbox.bot.startswith("hook:"), Outbox.ticket_id.is_not(None))
    assert database.read(lambda session: session.execute(count).scalar_one()) == 0


# -- on the way


def test_it_is_signed_and_keeps_its_id_over_every_try(sqlite_school: Database) -> None:
    clock, school = Hand(), school_with()
    opened(sqlite_school, school)

    async def run() -> Receiver:
        async with Receiver(deque([500])) as receiver:
            await carried(sqlite_school, clock, receiver.port)
            assert len(receiver.got) == 1
            clock.at += timedelta(seconds=5)
            await carried(sqlite_school, clock, receiver.port)
        return receiver

    got = asyncio.run(run()).got
    assert [line for line, _, _ in got] == ["POST /in?x=1 HTTP/1.1"] * 2
    assert len({headers["webhook-id"] for _, headers, _ in got}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in got}) == 2
    for _, headers, body in got:
        whole = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        word = base64.b64encode(hmac.new(SECRET, whole, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{word}"
        assert "cookie" not in headers
    assert fates(sqlite_school) == {"sent": 1}


@pytest.mark.parametrize(
    ("word", "waits"),
    [(500, 2), (503, 2), ("429:40", 40), ("hang", 2), ("cut", 2), ("redirect", 2), (404, 2), (400, 2), ("slow", 0)],
)
def test_it_waits_for_a_receiver_that_misbehaves(sqlite_school: Database, word: Any, waits: int) -> None:
    clock, school = Hand(), school_with()
    opened(sqlite_school, school)

    async def run() -> list[str]:
        async with Receiver(deque([word])) as receiver:
            await carried(sqlite_school, clock, receiver.port, seconds=0.3)
            if waits:
                assert fates(sqlite_school) == {"ready": 1}
                clock.at = START + timedelta(seconds=waits - 1)
                await carried(sqlite_school, clock, receiver.port)
                assert len(receiver.got) == 1, "It is not tried again before its time."
                clock.at = START + timedelta(seconds=waits + 5)
                await carried(sqlite_school, clock, receiver.port)
        return [line for line, _, _ in receiver.got]

    lines = asyncio.run(run())
    assert lines == ["POST /in?x=1 HTTP/1.1"] * (2 if waits else 1), "Nobody is followed elsewhere."
    assert fates(sqlite_school) == {"sent": 1}


def test_it_waits_twice_as_long_each_time_and_gives_up_after_a_day(sqlite_school: Database) -> None:
    clock, school = Hand(), school_with()
    opened(sqlite_school, school)
    tries: list[datetime] = []

    async def run() -> None:
        async with (
            Receiver(deque([500] * 1000)) as receiver,
            HookChannel(settings_for(receiver.port), clock) as channel,
        ):
            heard = partial(lambda session, ids: hooks.judge(session, "portal", ids, clock()))
            while clock.at < START + timedelta(hours=26):
                before = len(receiver.got)
                # A courier counts its own waits by the machine's clock, so each try has a new one.
                courier = Courier(sqlite_school, channel, clock, alone=True, undelivered=heard)
                await courier.carry()
                await courier._leave()
                tries.extend([clock.at] * (len(receiver.got) - before))
                following = sqlite_school.read(lambda session: sending.next_due(session, "hook:portal"))
                step = (following or clock.at + timedelta(hours=30)) - clock.at
                # Once the wait has grown to an hour, the rest of the day is passed at once.
                clock.at += step if step < timedelta(hours=1) else timedelta(hours=24)

    asyncio.run(run())
    gaps = [(b - a).total_seconds() for a, b in pairwise(tries)]
    assert all(0.9 * a <= b <= 3 * a for a, b in pairwise(gaps[:-1])), gaps
    assert len(tries) < 20
    assert fates(sqlite_school) == {"failed": 1}
    (state,) = sqlite_school.read(hooks.states)
    assert (state.name, state.closed) == ("portal", "silent")


def test_it_tries_what_grew_old_while_this_side_stood_still(sqlite_school: Database) -> None:
    clock, school = Hand(START + timedelta(days=2)), school_with()
    opened(sqlite_school, school)

    async def run() -> None:
        async with Receiver(deque([500])) as receiver:
            await carried(sqlite_school, clock, receiver.port)
            (state,) = sqlite_school.read(hooks.states)
            assert (state.waiting, state.closed, state.reason) == (1, "", "500")
            clock.at += timedelta(seconds=5)
            await carried(sqlite_school, clock, receiver.port)

    asyncio.run(run())
    assert fates(sqlite_school) == {"sent": 1}


def test_it_stops_for_whoever_is_gone_until_a_person_says_so(sqlite_school: Database) -> None:
    clock, school = Hand(), school_with()
    numbers = [opened(sqlite_school, school) for _ in range(2)]

    async def run() -> list[dict[str, Any]]:
        async with Receiver(deque([410])) as receiver:
            act(sqlite_school, school, numbers[0], tickets.take)
            await carried(sqlite_school, clock, receiver.port, rounds=3)
            assert sqlite_school.read(hooks.states)[0].closed == "gone"
            assert len(receiver.got) <= 2, "What was under way with it may still arrive."
            before = sum(fates(sqlite_school).values())
            act(sqlite_school, school, numbers[1], tickets.take)
            assert sum(fates(sqlite_school).values()) == before, "Nothing more is written for it."
            held = fates(sqlite_school)["held"]
            assert held >= 1
            assert sqlite_school.run(lambda session: hooks.enable(session, "portal", clock())) == held
            await carried(sqlite_school, clock, receiver.port, rounds=3)
            return receiver.bodies

    asyncio.run(run())
    assert fates(sqlite_school)["ready"] == fates(sqlite_school)["held"] == 0
    assert sqlite_school.read(hooks.states)[0].closed == ""
    verbs = select(Audit.verb).where(Audit.verb.startswith("hook_")).order_by(Audit.id)
    assert sqlite_school.read(lambda session: list(session.execute(verbs).scalars())) == [
        "hook_disabled",
        "hook_enabled",
    ]


def test_it_keeps_the_order_of_a_ticket_and_lets_others_pass(sqlite_school: Database) -> None:
    clock, school = Hand(), school_with()

    def line(number: str) -> int:
        find = select(Ticket.id).where(Ticket.number == number)
        ticket_id = sqlite_school.read(lambda session: session.execute(find).scalar_one())
        return int(hashlib.sha256(ticket_id.encode()).hexdigest(), 16) % hooks.LINES

    first = opened(sqlite_school, school)
    second = next(number for number in iter(lambda: opened(sqlite_school, school), "") if line(number) != line(first))
    act(sqlite_school, school, first, tickets.take)
    act(sqlite_school, school, first, tickets.resolve, "好了")

    async def run() -> list[tuple[str, str]]:
        async with Receiver() as receiver:
            receiver.plan.extend([400])
            await carried(sqlite_school, clock, receiver.port, rounds=6)
            clock.at += timedelta(seconds=10)
            await carried(sqlite_school, clock, receiver.port, rounds=4)
            return [(each["ticket"], each["event"]) for each in receiver.bodies]

    got = asyncio.run(run())
    mine = [event for number, event in got if number == first]
    assert mine == ["opened", "opened", "taken", "resolved"]
    assert got.index((second, "opened")) < got.index((first, "taken"))


# -- whatever dies


def test_it_loses_nothing_when_the_sender_is_killed(sqlite_url: str, tmp_path: Path) -> None:
    key, school = b"h" * 31 + b"k", school_with()
    database = Database(sqlite_url, Seal(key))
    database.run(builders.settle)
    count, kills = (200, 20) if SOAK else (6, 1)
    now = datetime.now(UTC)
    for _ in range(count):
        opened(database, school, now=now)

    def child(port: int, failpoint: str) -> int:
        more = {"YIZHAN_FAILPOINT": failpoint} if failpoint else {}
        words = [sys.executable, "-m", "tests.bot.hooks_child", sqlite_url, key.hex(), str(port)]
        return subprocess.run(words, env=environment(**more), cwd=tmp_path, check=False, timeout=60).returncode

    async def run() -> list[str]:
        async with Receiver() as receiver:
            for at in range(kills):
                assert await asyncio.to_thread(child, receiver.port, ("sent", "claimed")[at % 2]) == -9
            assert await asyncio.to_thread(child, receiver.port, "") == 0
            return [headers["webhook-id"] for _, headers, _ in receiver.got]

    got = Counter(asyncio.run(run()))
    ids = set(
        database.read(
            lambda session: session.execute(select(Outbox.id).where(Outbox.bot == "hook:portal")).scalars().all()
        )
    )
    assert set(got) == ids
    assert len(ids) == count
    assert sum(got.values()) - count <= kills * HookChannel.at_once
    assert fates(database) == {"sent": count}
    database.close()


def test_it_drops_what_waits_for_a_webhook_that_the_settings_name_no_more(sqlite_school: Database) -> None:
    opened(sqlite_school, school_with())
    sqlite_school.run(lambda session: hooks.prepare(session, (), START))
    assert fates(sqlite_school) == {"failed": 1}
    assert sqlite_school.read(hooks.states) == []
    sqlite_school.run(lambda session: hooks.prepare(session, (PORTAL,), START))
    assert [state.closed for state in sqlite_school.read(hooks.states)] == [""]
