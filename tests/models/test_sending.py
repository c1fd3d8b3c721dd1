"""The outbox under a courier's hands: order, leases and fences, back-off, and holds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects import sqlite

from models import migrate, sending
from models.db import Database
from models.outbox import Lane, Outbox
from models.person import Account
from models.seal import Seal
from models.sending import BACK_OFF, LEAST_TRIES, Outcome
from tests.fakes.pusher import BOT
from tests.models.courier import LATER, claim, lead, settle, settle_all, words
from tests.models.outgoing import KEY, NOW, fates, post, row


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY))
    yield database
    database.close()


def test_it_claims_urgent_lanes_first_and_one_of_each_account(database: Database) -> None:
    lead(database)
    post(database, "李雷", "broadcast", Lane.broadcast)
    post(database, "韩梅梅", "reminder", Lane.reminder)
    for number in (1, 2):
        post(database, "韩老师", f"answer {number}")
    post(database, "王书记", "page", Lane.crisis)
    first = claim(database)
    assert words(first) == ["page", "answer 1", "reminder", "broadcast"]
    assert claim(database, at=LATER) == []  # The second answer waits for the first.
    settle_all(database, first)
    assert words(claim(database, at=LATER)) == ["answer 2"]


def test_it_keeps_the_order_within_a_lane_and_lets_the_urgent_pass(database: Database) -> None:
    lead(database)
    names = [("news 1", Lane.broadcast), ("news 2", Lane.broadcast), ("answer 1", Lane.interactive),
             ("page", Lane.crisis), ("answer 2", Lane.interactive)]  # fmt: skip
    for name, lane in names:
        post(database, "李雷", name, lane)
    heard = []
    at = NOW
    while claims := claim(database, at=at):
        heard += words(claims)
        settle_all(database, claims, at=at)
        at += timedelta(seconds=1)
    assert heard == ["page", "answer 1", "answer 2", "news 1", "news 2"]


def test_it_lets_a_page_pass_a_notice_that_backs_off(database: Database) -> None:
    lead(database)
    post(database, "韩老师", "news", Lane.broadcast)
    settle_all(database, claim(database), "not_sent")
    post(database, "韩老师", "page", Lane.crisis)
    assert words(claim(database, at=LATER)) == ["page"]


def test_it_gives_the_lease_to_one(database: Database) -> None:
    assert lead(database, "a") == 1
    assert lead(database, "b") is None
    assert lead(database, "a", at=NOW + timedelta(seconds=14)) == 1  # kept
    assert lead(database, "b", at=NOW + timedelta(seconds=28)) is None
    assert lead(database, "b", at=NOW + timedelta(seconds=30)) == 2  # run out
    assert lead(database, "a", at=NOW + timedelta(seconds=30)) is None
    database.run(lambda session: sending.give_up(session, BOT, 1, NOW))  # An old fence ends nothing.
    assert lead(database, "a", at=NOW + timedelta(seconds=30)) is None
    database.run(lambda session: sending.give_up(session, BOT, 2, NOW))
    assert lead(database, "a", at=NOW + timedelta(seconds=31)) == 3


def test_it_gives_the_first_lease_of_many_at_once_to_one(database: Database) -> None:
    got: list[int | None] = []
    threads = [threading.Thread(target=lambda n=n: got.append(lead(database, f"c{n}"))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=str) == [1, *[None] * 7]


def test_it_is_not_bound_by_a_clock_that_was_set_back(database: Database) -> None:
    lead(database, "a")
    post(database, "李雷", "m1", now=NOW - timedelta(hours=3))
    assert claim(database, per_second=1, most=1) != []  # next_at is now a second ahead
    early = NOW - timedelta(hours=2)
    fence = lead(database, "b", at=early)
    assert fence == 2
    post(database, "韩梅梅", "m2", now=early)
    assert words(claim(database, fence, at=early)) == ["m2"]


def test_it_changes_nothing_under_an_old_fence(database: Database) -> None:
    lead(database, "a")
    late = post(database, "李雷", "late")
    claims = claim(database)
    after = NOW + timedelta(seconds=60)
    fence = lead(database, "b", at=after)
    assert fence == 2
    assert database.run(lambda session: sending.recover(session, BOT, 2, after)) == (1, 0)
    assert settle(database, [Outcome(late, "failed", "403")], fence=1, at=after) == []
    assert claim(database, 1, at=after) == []
    assert words(claim(database, 2, at=after)) == ["late"]
    assert settle(database, [Outcome(claims[0].id, "sent")], fence=1, at=after) == []
    assert row(database, late).status == "sending"
    assert settle(database, [Outcome(late, "sent")], fence=2, at=after) == []
    assert settle(database, [Outcome(late, "failed")], fence=2, at=after) == []  # Settled is settled.
    assert row(database, late).status == "sent"


def test_it_recovers_what_a_dead_courier_left(database: Database) -> None:
    lead(database)
    for name, lane in (("page", Lane.crisis), ("answer", Lane.interactive), ("nudge", Lane.reminder)):
        post(database, name, name, lane)
    post(database, "news", "news", Lane.broadcast)
    assert len(claim(database)) == 4
    assert database.run(lambda session: sending.recover(session, BOT, 1, NOW)) == (0, 0)  # not one's own
    assert database.run(lambda session: sending.recover(session, BOT, 2, NOW)) == (3, 1)
    assert fates(database) == {"page": "ready", "answer": "ready", "nudge": "ready", "news": "held"}
    assert database.read(sending.waiting) == 3
    (held,) = database.read(sending.held)
    assert (held.reason, held.lane) == ("perhaps sent", Lane.broadcast)


def test_it_hands_back_what_was_surely_not_sent(database: Database) -> None:
    lead(database)
    news = post(database, "news", "news", Lane.broadcast)
    claim(database)
    assert database.run(lambda session: sending.hand_back(session, BOT, 2)) == 0
    assert database.run(lambda session: sending.hand_back(session, BOT, 1)) == 1
    assert (row(database, news).status, row(database, news).attempts) == ("ready", 0)


def test_it_settles_by_what_is_known(database: Database) -> None:
    lead(database)
    for kind in ("sent", "failed", "put_back"):
        post(database, kind, kind)
    post(database, "unknown", "unknown", Lane.broadcast)
    post(database, "not_sent", "not_sent", Lane.broadcast)
    settle(database, [Outcome(each.id, each.reply.text) for each in claim(database)])
    assert fates(database) == {
        "sent": "sent", "failed": "failed", "put_back": "ready", "unknown": "held", "not_sent": "ready",
    }  # fmt: skip


def test_it_remembers_that_what_is_now_sent_was_perhaps_sent_before(database: Database) -> None:
    lead(database)
    answer, plain = post(database, "李雷", "answer"), post(database, "韩梅梅", "plain")
    settle(database, [Outcome(each.id, "unknown" if each.id == answer else "sent", "x") for each in claim(database)])
    at = NOW + timedelta(seconds=BACK_OFF[0])
    settle_all(database, claim(database, at=at), at=at)
    assert (row(database, answer).status, row(database, answer).reason) == ("sent", "perhaps sent")
    assert (row(database, plain).status, row(database, plain).reason) == ("sent", "x")


def test_it_forgets_that_doubt_at_the_word_of_the_platform(database: Database) -> None:
    lead(database)
    answer = post(database, "李雷", "answer")
    settle_all(database, claim(database), "unknown", reason="timeout")
    assert row(database, answer).reason == "perhaps sent: timeout"
    at = NOW + timedelta(seconds=BACK_OFF[0])
    settle_all(database, claim(database, at=at), "failed", at=at, reason="blocked")
    assert (row(database, answer).status, row(database, answer).reason) == ("failed", "blocked")


def test_it_looks_for_what_may_be_sent_without_reading_what_was(tmp_path: Path) -> None:
    migrate.upgrade(url := f"sqlite:///{tmp_path}/plan.db")
    database = Database(url)
    compiled = sending._due(True, False).compile(dialect=sqlite.dialect())
    values = {**compiled.params, "this_bot": BOT, "now": "", "since": "", "burst": 1, "most": 9}
    asked = tuple(values[name] for name in compiled.positiontup)
    plan = database.read(
        lambda session: session.connection().exec_driver_sql(f"explain query plan {compiled}", asked).all()
    )
    steps = [line[-1] for line in plan if "outbox" in line[-1]]
    database.close()
    assert [step.split(" USING ")[1] for step in steps] == [
        "INDEX ix_outbox_claim (bot=?)", "INDEX ix_outbox_unsettled (account_id=?)",
        "INDEX ix_outbox_account_id_seq (account_id=? AND seq>? AND seq<?)",
    ]  # fmt: skip


def test_it_holds_a_broadcast_of_unknown_fate_even_at_the_last_try(database: Database) -> None:
    lead(database)
    news = post(database, "news", "news", Lane.broadcast)
    database.run(lambda session: session.execute(update(Outbox).values(attempts=LEAST_TRIES - 1)))
    settle_all(database, claim(database), "unknown")
    assert row(database, news).status == "held"


def test_it_keeps_what_the_platform_calls_a_message(database: Database) -> None:
    lead(database)
    first = post(database, "李雷", "first")
    settle(database, [Outcome(first, "not_sent", refs=("7", "8"))] if claim(database) else [])
    (again,) = claim(database, at=NOW + timedelta(minutes=1))
    assert again.refs == ("7", "8")
    settle(database, [Outcome(first, "sent", refs=("7", "8", "9"))])
    assert (row(database, first).refs, row(database, first).ref) == ("7 8 9", "9")


def test_it_remembers_who_takes_nothing_any_more(database: Database) -> None:
    lead(database)
    blocked, moved = post(database, "李雷", "first"), post(database, "韩梅梅", "second")
    claim(database)
    outcomes = [Outcome(blocked, "failed", "blocked", closed="blocked"), Outcome(moved, "not_sent", moved="-1007")]
    assert settle(database, outcomes) == [blocked]
    rows = database.read(lambda s: s.execute(select(Account.key, Account.closed)).all())
    closed = {row.key: row.closed for row in rows}
    assert closed == {"李雷": "blocked", "-1007": ""}
    assert words(claim(database)) == ["second"]  # At once: the message did not fail, its address did.


def test_it_sets_aside_what_it_cannot_read(database: Database) -> None:
    lead(database)
    bad = post(database, "李雷", "bad")
    post(database, "李雷", "good")
    database.run(lambda session: session.execute(update(Outbox).where(Outbox.id == bad).values(body=b"\1junk")))
    assert claim(database) == []
    assert (row(database, bad).status, row(database, bad).reason) == ("failed", "unreadable")
    assert words(claim(database)) == ["good"]


def test_it_claims_nothing_twice_from_many_threads(database: Database) -> None:
    lead(database)
    for number in range(40):
        post(database, f"a{number}", f"m{number}")
    got: list[str] = []

    def take() -> None:
        while claims := claim(database, most=3):
            got.extend(words(claims))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(f"m{number}" for number in range(40))


def test_it_claims_nothing_for_a_bot_without_a_lease(database: Database) -> None:
    post(database, "李雷", "m")
    assert claim(database, 1) == []
    assert database.read(lambda session: sending.next_due(session, BOT)) == NOW


def test_it_knows_what_an_older_message_said_beside_its_card(database: Database) -> None:
    lead(database)
    old, new = post(database, "李雷", "提交了"), post(database, "李雷", "批准了")
    card = update(Outbox).values(card="tQJ-1")
    database.run(lambda session: session.execute(card).close())
    (first,) = claim(database)
    assert first.beside is None
    settle(database, [Outcome(old, "sent", refs=("7",))])
    (second,) = claim(database, at=LATER)
    assert (second.id, second.shown, second.beside) == (new, "7", "提交了")
