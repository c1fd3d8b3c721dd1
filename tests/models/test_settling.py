"""What becomes of messages that did not arrive, that nobody knows of, that the platform puts off, or that have parts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from models import sending
from models.db import Database
from models.outbox import Lane, Outbox
from models.seal import Seal
from models.sending import BACK_OFF, LASTS, LEAST_TRIES, Claim, Outcome
from tests.fakes.pusher import BOT
from tests.models.outgoing import KEY, NOW, post, row, sender

SECOND = timedelta(seconds=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """One courier leads, under fence 1."""
    database = Database(database_url, Seal(KEY))
    database.run(lambda session: sending.lease(session, BOT, "a", NOW, 15))
    yield database
    database.close()


def claim(database: Database, at: datetime = NOW, per_second: float = math.inf, gap: float = 0.0) -> list[Claim]:
    return database.run(
        lambda session: sending.claim(session, BOT, 1, at, 10, per_second=per_second, chat_gap=gap, chat_burst=3)
    )


def settle(
    database: Database, claims: list[Claim], kind: str, at: datetime = NOW, reason: str = "", wait: float = 0.0,
    refs: tuple[str, ...] = (), per_second: float = 20.0,
) -> list[str]:  # fmt: skip
    outcomes = [Outcome(each.id, kind, reason, wait, refs) for each in claims]
    return database.run(lambda session: sending.settle(session, BOT, 1, outcomes, at, per_second))


def words(claims: list[Claim]) -> list[str]:
    return [each.reply.text for each in claims]


@pytest.mark.parametrize("lane", [Lane.interactive, Lane.broadcast])
def test_it_tries_what_did_not_arrive_until_it_is_days_old(database: Database, lane: Lane) -> None:
    """Twelve tries were the end before, after five and a half hours: a night without a network lost messages."""
    number, at, tries = post(database, "李雷", "m", lane), NOW, 0
    while at < NOW + timedelta(minutes=50):
        claims = claim(database, at)
        assert claims[0].attempts == tries
        assert settle(database, claims, "not_sent", at, "r" * 90) == []
        tries += 1
        wait = sending.back_off(lane, tries) * SECOND
        assert row(database, number).due_at == at + wait
        assert claim(database, at + wait - SECOND) == []
        at += wait
    assert tries > LEAST_TRIES or lane == Lane.broadcast
    late = NOW + LASTS
    database.run(lambda session: session.execute(update(Outbox).values(attempts=LEAST_TRIES)))
    assert settle(database, claim(database, late - SECOND), "not_sent", late - SECOND) == []
    database.run(lambda session: session.execute(update(Outbox).values(due_at=late)))
    assert settle(database, claim(database, late), "not_sent", late) == [number]
    assert (row(database, number).status, row(database, number).settled_at) == ("failed", late)


def test_it_gives_enough_tries_to_what_first_became_due_late(database: Database) -> None:
    number = post(database, "李雷", "m", now=NOW - LASTS * 2)
    settle(database, claim(database), "not_sent")
    assert row(database, number).status == "ready"


def test_it_waits_a_minute_at_most_where_somebody_waits() -> None:
    assert [sending.back_off(Lane.interactive, tries) for tries in (1, 4, 5, 99)] == [2, 60, 60, 60]
    assert sending.back_off(Lane.reminder, 99) == BACK_OFF[-1]


def test_it_sends_what_perhaps_arrived_once_more_and_then_holds_it(database: Database) -> None:
    number = post(database, "李雷", "answer")
    post(database, "李雷", "behind")
    assert settle(database, claim(database), "unknown", reason="timeout") == []
    at = NOW + BACK_OFF[0] * SECOND
    (again,) = claim(database, at)
    assert (again.reply.text, again.unsure) == ("answer", True)
    assert settle(database, [again], "unknown", at, "timeout") == [number]  # Somebody has to hear of it.
    assert (row(database, number).status, row(database, number).reason) == ("held", "perhaps sent: timeout")
    assert words(claim(database, at)) == ["behind"]


def test_it_holds_what_perhaps_arrived_when_it_gives_up(database: Database) -> None:
    number = post(database, "李雷", "answer")
    settle(database, claim(database), "unknown")
    database.run(lambda session: session.execute(update(Outbox).values(attempts=LEAST_TRIES)))
    late = NOW + LASTS
    assert settle(database, claim(database, late), "not_sent", late) == [number]
    assert row(database, number).status == "held"


def test_it_sends_what_couriers_die_over_so_often_and_then_holds_it(database: Database) -> None:
    number = post(database, "李雷", "answer")
    fates = []
    for fence in range(2, sending.MOST_DOUBTS + 3):
        database.run(lambda session: session.execute(update(Outbox).values(status="sending", fence=1)))
        fates.append(database.run(lambda session, fence=fence: sending.recover(session, BOT, fence, NOW)))  # type: ignore[misc]
    assert fates == [*[(1, 0)] * sending.MOST_DOUBTS, (0, 1)]
    assert row(database, number).status == "held"


def test_it_sends_what_did_not_arrive_at_once_when_the_platform_answers(database: Database) -> None:
    for number in (1, 2):
        post(database, "李雷", f"m{number}", Lane.reminder)
    slow = post(database, "韩梅梅", "slow", Lane.broadcast)
    database.run(lambda session: session.execute(update(Outbox).values(attempts=8)))
    claims = claim(database)
    settle(database, [each for each in claims if each.id == slow], "throttled", reason="429", wait=90)
    settle(database, [each for each in claims if each.id != slow], "not_sent", reason="connect")
    at = NOW + 30 * SECOND
    assert claim(database, at) == []
    assert database.run(lambda session: sending.revive(session, BOT, at)) == 1
    claims = claim(database, at)
    assert words(claims) == ["m1"]  # Each chat keeps its order, and what the platform asked to wait waits.
    settle(database, claims, "sent", at)
    assert words(claim(database, at + SECOND)) == ["m2"]


def test_it_hastens_what_holds_up_a_newer_message_of_its_chat_once(database: Database) -> None:
    for number in range(6):
        database.run(lambda session: session.execute(update(Outbox).values(due_at=NOW)))
        settle(database, claim(database), "not_sent") if number else post(database, "李雷", "old")
    at = NOW + 10 * SECOND

    def hasten(when: datetime) -> int:
        return database.run(lambda session: sending.hasten(session, BOT, when))

    assert hasten(at) == 0  # Nobody waits behind it.
    post(database, "李雷", "new", now=at)
    assert claim(database, at) == []
    assert hasten(at) == 1
    claims = claim(database, at)
    assert words(claims) == ["old"]
    settle(database, claims, "not_sent", at)
    assert hasten(at + SECOND) == 0
    assert claim(database, at + SECOND) == []


def test_it_does_not_hasten_what_the_platform_asked_to_wait(database: Database) -> None:
    post(database, "李雷", "old")
    settle(database, claim(database), "not_sent")
    at = NOW + 5 * SECOND
    settle(database, claim(database, at), "throttled", at, "429", 600)
    post(database, "李雷", "new", now=at)
    assert database.run(lambda session: sending.hasten(session, BOT, at)) == 0


def test_it_believes_a_wait_of_hours_for_the_message_and_of_one_for_its_lane(database: Database) -> None:
    number = post(database, "李雷", "m")
    settle(database, claim(database), "throttled", reason="429", wait=10_072)  # seen in the wild
    assert row(database, number).due_at == NOW + 10_072 * SECOND
    post(database, "韩梅梅", "other")
    assert claim(database, NOW + timedelta(minutes=59)) == []
    assert words(claim(database, NOW + timedelta(hours=1))) == ["other"]


def test_it_counts_the_parts_of_a_message_in_the_pace(database: Database) -> None:
    number = post(database, "李雷", "long")
    settle(database, claim(database, per_second=2), "partly", wait=3, refs=("7", "8", "9"), per_second=2)
    kept = row(database, number)
    assert (kept.status, kept.attempts, kept.refs, kept.due_at) == ("ready", 0, "7 8 9", NOW + 3 * SECOND)
    assert sender(database).next_at == NOW + 1.5 * SECOND
    at = NOW + 3 * SECOND
    (rest,) = claim(database, at, gap=1.0)
    assert rest.refs == ("7", "8", "9")
    settle(database, [rest], "sent", at, refs=("7", "8", "9", "10"))
    post(database, "李雷", "next", now=at)
    assert claim(database, at + SECOND, gap=1.0) == []  # Its chat took more than three in three seconds.
    assert words(claim(database, at + 4 * SECOND, gap=1.0)) == ["next"]
