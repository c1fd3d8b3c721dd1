"""How quickly a bot speaks: the pace that outlives a courier, gaps, and what a platform asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from models import pacing
from models.db import Database
from models.outbox import Lane
from models.seal import Seal
from models.sending import Outcome
from tests.models.courier import LATER, claim, lead, settle, settle_all, words
from tests.models.outgoing import KEY, NOW, post, row, sender


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY))
    yield database
    database.close()


def test_it_takes_no_more_than_asked_and_stores_the_pace(database: Database) -> None:
    lead(database)
    for number in range(5):
        post(database, f"account {number}", f"m{number}")
    assert len(claim(database, most=2, per_second=4)) == 2
    assert sender(database).next_at == NOW + timedelta(seconds=0.5)
    assert claim(database, at=NOW + timedelta(seconds=0.4)) == []
    # A successor goes on where the first one stood.
    fence = lead(database, "b", alone=True)
    assert fence == 2
    assert claim(database, fence, at=NOW + timedelta(seconds=0.4)) == []
    assert len(claim(database, fence, at=NOW + timedelta(seconds=0.5))) == 3


def test_it_keeps_a_gap_between_two_messages_to_one_account(database: Database) -> None:
    lead(database)
    for number in (1, 2):
        post(database, "李雷", f"m{number}")
    settle_all(database, claim(database, gap=1.0))
    post(database, "韩梅梅", "other")
    assert words(claim(database, at=NOW + timedelta(seconds=0.9), gap=1.0)) == ["other"]
    assert words(claim(database, at=NOW + timedelta(seconds=1.1), gap=1.0)) == ["m2"]


def test_it_waits_as_long_as_the_platform_asks_and_counts_no_attempt(database: Database) -> None:
    lead(database)
    slow = post(database, "李雷", "slow")
    post(database, "韩梅梅", "slower")
    waits = {"slow": 30.0, "slower": 90.0}
    outcomes = [Outcome(each.id, "throttled", "429", waits[each.reply.text]) for each in claim(database)]
    settle(database, outcomes)
    post(database, "王书记", "other")
    assert (row(database, slow).attempts, row(database, slow).due_at) == (0, NOW + timedelta(seconds=30))
    assert claim(database, at=NOW + timedelta(seconds=89)) == []
    assert sorted(words(claim(database, at=NOW + timedelta(seconds=90)))) == ["other", "slow", "slower"]


def test_it_lets_other_lanes_speak_while_one_waits(database: Database) -> None:
    lead(database)
    post(database, "李雷", "news", Lane.broadcast)
    settle(database, [Outcome(each.id, "throttled", "429", 60.0) for each in claim(database)])
    post(database, "韩梅梅", "more news", Lane.broadcast)
    post(database, "王书记", "answer")
    assert words(claim(database, at=NOW + timedelta(seconds=2))) == ["answer"]
    assert sorted(words(claim(database, at=NOW + timedelta(seconds=61)))) == ["more news", "news"]


def test_it_halves_the_pace_when_the_platform_asks_twice(database: Database) -> None:
    lead(database)
    at = NOW
    for minute in (0.0, 0.5):
        at = NOW + timedelta(minutes=minute)
        post(database, "李雷", f"m{minute}", now=at)
        settle(
            database,
            [Outcome(each.id, "throttled", "429", 1.0) for each in claim(database, at=at)],
            at=at,
            per_second=20,
        )
        at += timedelta(seconds=2)
        settle(database, [Outcome(each.id, "sent") for each in claim(database, at=at)], at=at)
    assert pacing.pace(sender(database), 20, at) == pytest.approx(10, abs=0.1)
    later = at + timedelta(minutes=5)
    assert pacing.pace(sender(database), 20, later) == pytest.approx(15, abs=0.1)
    assert pacing.pace(sender(database), 20, later + timedelta(hours=1)) == 20


def test_it_counts_what_was_refused_in_one_breath_once(database: Database) -> None:
    lead(database)
    for number in range(6):
        post(database, f"a{number}", f"m{number}")
    outcomes = [Outcome(each.id, "throttled", "429", 5.0) for each in claim(database)]
    settle(database, outcomes, per_second=20)
    assert pacing.pace(sender(database), 20, NOW) == 20
    post(database, "李雷", "token", Lane.reminder)
    (late,) = claim(database, at=LATER)
    settle(database, [Outcome(late.id, "throttled", "token", 60.0)], at=LATER, per_second=20)
    assert pacing.pace(sender(database), 20, LATER) == 20  # A wrong token says nothing of the pace.
