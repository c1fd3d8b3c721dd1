"""Counted tries at a password: each waits longer than the one before, and tries made at once cannot slip past."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from handlers import tries
from models.db import Database
from tests.builders import START


def knock(database: Database, at: datetime) -> int:
    return database.run(lambda session: tries.knock(session, "number", "T001", at))


def test_it_counts_tries_that_are_made_at_once(database: Database) -> None:
    with ThreadPoolExecutor(4) as threads:
        waits = list(threads.map(lambda _: knock(database, START), range(12)))
    assert waits.count(0) == tries.FREE["number"]


def test_it_waits_twice_as_long_with_each_further_try_until_one_is_right(database: Database) -> None:
    assert [knock(database, START) for _ in range(tries.FREE["number"])] == [0] * tries.FREE["number"]
    at, waits = START, []
    for _ in range(3):
        waits.append(knock(database, at))
        at += timedelta(seconds=waits[-1])
        assert knock(database, at) == 0
    first = tries.FIRST_WAIT.total_seconds()
    assert waits == [first, 2 * first, 4 * first]
    database.run(lambda session: tries.forgive(session, "number", "T001"))
    assert knock(database, at) == 0
