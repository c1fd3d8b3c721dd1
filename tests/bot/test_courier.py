"""The courier against a strict platform: order, pace, time-outs, a second courier, a pause, and a stop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.courier import GRACE_SECONDS, Courier
from models import sending
from models.db import Database, wake
from models.outbox import Lane, Outbox, Sender
from models.seal import Seal
from models.sending import Claim
from tests.bot.carrying import Hand, carry, now, running, until
from tests.fakes.pusher import BOT, Pusher
from tests.models.outgoing import KEY, NOW, fates, post, row, sender


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY))
    yield database
    database.close()


def test_it_sends_by_lane_and_in_order(database: Database) -> None:
    for number in range(3):
        for person in ("李雷", "韩梅梅"):
            post(database, person, f"{person} news {number}", Lane.broadcast)
            post(database, person, f"{person} answer {number}")
    post(database, "王书记", "page", Lane.crisis)
    pusher, clock = Pusher(at_once=2), Hand()
    asyncio.run(carry(Courier(database, pusher, clock), clock))
    texts = pusher.texts()
    assert texts[0] == "page"
    assert pusher.texts("李雷") == [f"李雷 {kind} {n}" for kind in ("answer", "news") for n in range(3)]
    assert all("answer" in each for each in texts[1:7])
    assert (len(texts), set(fates(database).values()), pusher.offences) == (13, {"sent"}, [])


def test_it_settles_every_kind_of_end(database: Database) -> None:
    pusher, clock = Pusher(), Hand()
    for word in ("ok", "blocked", "unreachable", "lost", "late", "bug"):
        for lane in (Lane.interactive, Lane.broadcast):
            name = f"{word} {lane.name}"
            post(database, name, name, lane)
            pusher.plan[name].append(word)
    courier = Courier(database, pusher, clock)
    with capture_logs() as logs:
        asyncio.run(carry(courier, clock))
    ends = fates(database)
    assert {name for name, fate in ends.items() if fate == "held"} == {
        f"{word} broadcast" for word in ("lost", "late", "bug")
    }
    assert {name for name, fate in ends.items() if fate == "failed"} == {"blocked interactive", "blocked broadcast"}
    assert Counter(ends.values())["sent"] == 7
    arrived = Counter(pusher.texts())
    assert arrived["late interactive"] == 2  # The platform had done it: nobody can know, and a reply is sent again.
    assert arrived["late broadcast"] == 1
    assert arrived["lost interactive"] == arrived["unreachable broadcast"] == 1
    assert {entry["event"] for entry in logs} == {"courier_leads", "send_broke"}
    assert len(database.read(sending.held)) == 3
    assert (courier.carried.sent, courier.carried.failed) == (7, 2)


def test_it_obeys_a_request_to_wait(database: Database) -> None:
    for number in range(6):
        post(database, f"a{number}", f"m{number}", now=NOW - timedelta(seconds=6 - number))
    pusher, clock = Pusher(per_second=100, at_once=3), Hand()
    pusher.plan["m0"].append("429:0.3")
    courier = Courier(database, pusher, clock)

    async def play() -> None:
        await courier.carry()
        assert pusher.asked == ["m0"]  # Its neighbours in the batch were not even begun.
        waits = datetime.fromisoformat((sender(database).lanes or {})["1"]) - NOW
        assert timedelta(seconds=0.2) < waits <= timedelta(seconds=0.31)
        assert await courier.carry() == 0
        await asyncio.sleep(0.31)  # The platform's own clock, not ours.
        clock.go(0.31)
        await carry(courier, clock)

    asyncio.run(play())
    assert Counter(pusher.texts()) == Counter(f"m{n}" for n in range(6))
    assert pusher.offences == []
    assert set(fates(database).values()) == {"sent"}


def test_it_keeps_the_pace_of_a_chat_and_of_the_bot(database: Database) -> None:
    for number in range(3):
        post(database, "李雷", f"m{number}", now=now())
    for number in range(12):
        post(database, f"a{number}", f"other {number}", now=now())
    pusher = Pusher(per_second=40, at_once=4, chat_gap=0.3, chat_seconds=0.25)

    async def play() -> None:
        async with running(Courier(database, pusher, now)):
            await until(lambda: len(pusher.arrivals) == 15)

    asyncio.run(play())
    assert pusher.texts("李雷") == ["m0", "m1", "m2"]
    assert (len(pusher.asked), pusher.offences) == (15, [])  # Not once did the platform have to say 429.
    others = [each.at for each in pusher.arrivals if each.account != "李雷"]
    assert others[-1] - others[0] >= 11 / 40 * 0.8
    gaps = [each.at for each in pusher.arrivals if each.account == "李雷"]
    assert min(gaps[1] - gaps[0], gaps[2] - gaps[1]) >= 0.25


def test_it_speaks_with_one_voice(database: Database) -> None:
    pusher = Pusher(at_once=3)
    couriers = [Courier(database, pusher, now, 2.0) for _ in range(3)]

    async def play() -> None:
        async with running(couriers[0]), running(couriers[1]), running(couriers[2]):
            for number in range(40):
                post(database, f"a{number % 7}", f"m{number}", now=now())
            await until(lambda: len(pusher.arrivals) >= 40)
            await until(lambda: not database.read(sending.waiting))

    asyncio.run(play())
    assert Counter(pusher.texts()) == Counter(f"m{number}" for number in range(40))
    assert pusher.offences == []
    assert sorted(each.carried.sent for each in couriers)[:2] == [0, 0]


def test_it_falls_silent_after_a_pause_beyond_its_lease(database: Database) -> None:
    ids = [post(database, f"a{n}", f"m{n}", now=NOW - timedelta(seconds=3 - n)) for n in range(3)]
    ids.append(post(database, "news", "news", Lane.broadcast))
    clock, slow, quick = Hand(), Pusher(per_second=50, at_once=4), Pusher()
    slow.before = lambda claim: clock.go(60)  # The process stands still while its first message is under way.
    slow.plan["m0"].append("late")
    first, second = Courier(database, slow, clock), Courier(database, quick, clock)

    async def play() -> None:
        reached = asyncio.Event()
        send = slow.send

        async def paused(claim: Claim) -> Any:
            outcome = asyncio.create_task(send(claim))
            await asyncio.wait([outcome])
            await carry(second, clock, 3)  # Meanwhile the successor speaks.
            reached.set()
            return await outcome

        slow.send = paused  # type: ignore[method-assign]
        await first.carry()
        assert reached.is_set()
        assert await first.carry() == 0

    asyncio.run(play())
    assert slow.texts() == ["m0"]  # What was in flight; the others it did not begin any more.
    assert sorted(quick.texts()) == ["m0", "m1", "m2"]
    assert fates(database) == {"m0": "sent", "m1": "sent", "m2": "sent", "news": "held"}
    assert (first.fence, second.fence, second.carried.again, second.carried.held) == (1, 2, 3, 1)
    assert [row(database, each).fence for each in ids] == [2, 2, 2, 1]


def test_it_is_woken_by_a_commit(database: Database) -> None:
    pusher = Pusher()

    async def play() -> float:
        async with running(Courier(database, pusher, now)):
            await until(lambda: database.read(lambda session: session.get(Sender, BOT)) is not None)
            began = time.monotonic()
            post(database, "李雷", "m", now=now())
            database.run(lambda session: wake(session, "anybody"))
            await until(lambda: bool(pusher.arrivals))
            return time.monotonic() - began

    assert asyncio.run(play()) < 0.9  # Well before the next look that nobody asked for.


@pytest.mark.parametrize("word", ["ok", "hang"])
def test_it_stops_within_a_second(database: Database, word: str) -> None:
    for number in range(30):
        post(database, f"a{number}", f"m{number}", now=now())
    pusher = Pusher(per_second=10, at_once=10)
    pusher.plan["m0"].append(word)
    courier = Courier(database, pusher, now)

    async def play() -> float:
        closing = asyncio.Event()
        task = asyncio.create_task(courier.run(closing))
        await until(lambda: len(pusher.arrivals) >= 2)
        closing.set()
        began = time.monotonic()
        await task
        return time.monotonic() - began

    assert asyncio.run(play()) < 1.0
    ends = Counter(fates(database).values())
    assert ends["sending"] == 0
    assert ends["sent"] == len(pusher.arrivals) - (word == "hang")
    assert ends["ready"] == 30 - ends["sent"]
    assert sender(database).owner == ""  # A successor need not wait.


def test_it_stops_within_a_second_though_the_database_does_not_answer(database: Database) -> None:
    pusher, gate = Pusher(), threading.Event()
    courier = Courier(database, pusher, now)

    async def play() -> float:
        closing = asyncio.Event()
        blocked = [database.submit(lambda session: gate.wait(20)) for _ in range(4)]
        task = asyncio.create_task(courier.run(closing))
        await asyncio.sleep(0)
        closing.set()
        began = time.monotonic()
        await task
        took = time.monotonic() - began
        gate.set()
        await asyncio.gather(*map(asyncio.wrap_future, blocked))
        return took

    assert asyncio.run(play()) < 1.0 + GRACE_SECONDS / 4
    assert pusher.arrivals == []


def test_it_takes_over_at_once_where_it_is_alone(database: Database) -> None:
    clock, pusher = Hand(), Pusher()
    dead = Courier(database, pusher, clock)
    alone = Courier(database, pusher, clock, alone=True)
    waiting = Courier(database, pusher, clock)

    async def play() -> None:
        assert await dead.carry() == 0  # It holds the lease from here.
        post(database, "李雷", "m")
        assert await waiting.carry() == 0
        assert await alone.carry() == 1
        assert await dead.carry() == 0

    asyncio.run(play())
    assert pusher.texts() == ["m"]


def test_it_settles_the_others_when_one_trips(database: Database) -> None:
    rows = [post(database, f"a{number}", f"m{number}") for number in range(3)]
    pusher = Pusher(per_second=100, at_once=3)
    pusher.plan["m1"].append("blocked")

    def trip(_session: Any, _failed: list[str]) -> None:
        raise RuntimeError

    courier = Courier(database, pusher, Hand(), undelivered=trip)
    asyncio.run(courier.carry())
    assert [row(database, each).status for each in rows] == ["sent", "sending", "sent"]
    assert asyncio.run(courier.carry()) == 0


def test_it_tries_again_at_once_when_the_platform_answers(database: Database) -> None:
    """After an outage a message waited for the end of its back-off, up to an hour, while others were sent beside it."""
    post(database, "李雷", "old", now=now())
    pusher = Pusher()
    pusher.plan["old"].append("unreachable")

    def missed() -> bool:
        return (database.read(lambda session: sending.next_due(session, BOT)) or NOW) > now()

    async def play() -> None:
        async with running(Courier(database, pusher, now)):
            await until(lambda: pusher.asked == ["old"] and missed())
            database.run(lambda s: s.execute(update(Outbox).values(attempts=9, due_at=now() + timedelta(hours=1))))
            post(database, "韩梅梅", "other", now=now())
            await until(lambda: pusher.texts() == ["other", "old"])

    asyncio.run(play())
    assert pusher.asked == ["old", "other", "old"]


def test_it_does_not_let_a_new_message_wait_for_a_long_back_off(database: Database) -> None:
    old = post(database, "李雷", "old", now=now())
    database.run(lambda s: s.execute(update(Outbox).values(attempts=8, due_at=now() + timedelta(hours=1))))
    post(database, "李雷", "new", now=now())
    pusher = Pusher()

    async def play() -> None:
        async with running(Courier(database, pusher, now)):
            await until(lambda: pusher.texts() == ["old", "new"])

    asyncio.run(play())
    assert row(database, old).status == "sent"
