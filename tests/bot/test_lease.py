"""A lease is held by one at a time, renewed in time, taken over when it ran out, and given up at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.lease import Lease
from models.db import Database

SPAN = timedelta(seconds=40)
SPARE = SPAN * 3 / 4
NOON = datetime(2026, 6, 10, 4, tzinfo=UTC)


class Clock:
    """A clock that stands where the test puts it."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


def hold(lease: Lease) -> int | None:
    return asyncio.run(lease.hold(SPARE))


def test_it_is_held_by_one_at_a_time_under_a_growing_fence(database: Database, clock: Clock) -> None:
    first, second = (Lease(database, "telegram", clock, SPAN) for _ in range(2))
    assert (hold(first), hold(second)) == (1, None)
    clock.forward(20)
    assert (hold(first), hold(second)) == (1, None), "renewed, so it still lasts when the first span is over"
    clock.forward(25)
    assert (hold(second), hold(first)) == (None, 1)
    clock.forward(41)
    assert (hold(second), hold(first)) == (2, None)
    assert (first.until, first.fence) == (None, 1), "its last fence marks what it does late"
    assert hold(Lease(database, "another", clock, SPAN)) == 1


def test_it_asks_the_database_only_when_less_than_the_spare_is_left(database: Database, clock: Clock) -> None:
    lease = Lease(database, "telegram", clock, SPAN)
    assert hold(lease) == 1
    assert lease.until == NOON + SPAN
    clock.forward(9)
    assert lease.lasts(SPARE)
    assert hold(lease) == 1
    assert lease.until == NOON + SPAN
    clock.forward(1)
    assert not lease.lasts(SPARE)
    assert hold(lease) == 1
    assert lease.until == clock.now + SPAN
    clock.forward(-60)
    assert not lease.lasts(SPARE), "the clock was set back: what it says of the end means nothing"


def test_it_lets_a_successor_in_at_once_when_it_is_given_up(database: Database, clock: Clock) -> None:
    first, second = (Lease(database, "telegram", clock, SPAN) for _ in range(2))
    assert hold(first) == 1
    asyncio.run(second.give_up())
    assert hold(second) is None, "nobody ends another's lease"
    asyncio.run(first.give_up())
    assert hold(second) == 2


def test_it_takes_over_at_once_for_who_is_alone_but_only_the_first_time(database: Database, clock: Clock) -> None:
    dead, alone = Lease(database, "telegram", clock, SPAN), Lease(database, "telegram", clock, SPAN, alone=True)
    assert (hold(dead), hold(alone)) == (1, 2)
    clock.forward(41)
    assert hold(dead) == 3
    assert hold(alone) is None, "somebody is there after all"


def test_it_does_not_count_until_what_follows_a_taking_is_done(database: Database, clock: Clock) -> None:
    lease = Lease(database, "telegram", clock, SPAN)
    seen: list[tuple[int, datetime]] = []

    async def taken(fence: int, now: datetime) -> None:
        assert (lease.until, lease.fence) == (None, 0)
        seen.append((fence, now))
        if len(seen) == 1:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        asyncio.run(lease.hold(SPARE, taken))
    assert not lease.lasts(timedelta())
    for _ in range(3):
        clock.forward(20)
        assert asyncio.run(lease.hold(SPARE, taken)) == 1
    assert seen == [(1, NOON), (1, NOON + timedelta(seconds=20))]
